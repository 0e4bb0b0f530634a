"""Signing in: the OpenID provider that the Hub is. Whoever the test wishes is already known to it and says yes."""

from __future__ import annotations

import secrets
import time
from functools import cache
from urllib.parse import parse_qs, urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.hub_server.talk import Talk

SCOPE = "openid profile contribute-repos"


@cache
def _key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


class Signing(Talk):
    """Code flow without a password."""

    def provider(self) -> None:
        place = self.server.address
        self.answer(200, {
            "issuer": place, "authorization_endpoint": f"{place}/oauth/authorize",
            "token_endpoint": f"{place}/oauth/token", "jwks_uri": f"{place}/oauth/keys",
            "response_types_supported": ["code"], "id_token_signing_alg_values_supported": ["RS256"],
        })  # fmt: skip

    def authorize(self) -> None:
        asked = {name: values[0] for name, values in self.query.items()}
        code = secrets.token_hex(8)
        self.server.codes[code] = {"nonce": asked.get("nonce", ""), "client": asked["client_id"]}
        self.server.scopes.append(asked["scope"])
        glue = "&" if "?" in asked["redirect_uri"] else "?"
        place = f"{asked['redirect_uri']}{glue}{urlencode({'code': code, 'state': asked['state']})}"
        self.send(302, b"", {"Location": place})

    def hand_token(self) -> None:
        code = self.server.codes.pop(parse_qs(self.body.decode())["code"][0])
        name, now = self.server.signs, int(time.time())
        claims = {
            "iss": self.server.address, "aud": code["client"], "sub": f"id-{name}", "iat": now, "exp": now + 3600,
            "nonce": code["nonce"], "name": name.title(), "preferred_username": name,
            "profile": f"{self.server.address}/{name}", "picture": f"{self.server.address}/{name}.png",
        }  # fmt: skip
        told = jwt.encode({"alg": "RS256", "kid": "one"}, claims, _key())
        self.answer(200, {
            "access_token": f"token-{name}", "token_type": "bearer", "expires_in": 3600, "scope": SCOPE,
            "id_token": told,
        })  # fmt: skip

    def keys(self) -> None:
        self.answer(200, {"keys": [_key().as_dict(private=False)]})
