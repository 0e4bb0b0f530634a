"""The whole page: its tabs, its own routes, and how it is opened."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported: nothing is sent anywhere
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import gradio as gr
from starlette.routing import BaseRoute

from posetransfer.errors import PoseTransferError
from space import gpu, messages
from space.api import Calls
from space.elements import element
from space.errands import Errands
from space.handlers import Handlers
from space.jobs.backchannel import Backchannel
from space.jobs.jobs import Jobs
from space.live.routes import live_routes
from space.live.stage import Stage
from space.people import can_sign_in
from space.requested import Services
from space.routes import routes
from space.settings import Settings
from space.tabs.live import live_tab
from space.tabs.targets import targets_tab
from space.tabs.train import TrainHandlers, train_tab
from space.tabs.transfer import transfer_tab
from space.trainings import Trainings

STATIC = Path(__file__).parent / "static"
HEAD = '<script type="module" src="posetransfer/static/page.js"></script>'
FILES_KEPT = (3600, 24 * 3600)  # s: uploads are looked through every hour, and go after a day


def build(services: Services) -> gr.Blocks:
    """The page and its API."""
    with gr.Blocks(title=messages.TITLE, analytics_enabled=False, delete_cache=FILES_KEPT) as blocks:
        gr.Markdown(f"# {messages.TITLE}\n{messages.INTRODUCTION}")
        if services.settings.hosted:
            _account()
        visitor = element("pt-visitor", "", elem_classes="pt-hidden")  # outside the tabs: there from the first moment
        with gr.Tabs():
            with gr.Tab("Transfer", id="transfer"):
                renew = transfer_tab(Handlers(services), services.settings, blocks, visitor)
            with gr.Tab("Live", id="live"):
                live = live_tab(blocks)
            with gr.Tab("Targets", id="targets"):
                renew_shelf = targets_tab(Errands(services), blocks, visitor, lambda event: _each(event, renew, live))
            with gr.Tab("Train", id="train"):
                trained = train_tab(TrainHandlers(Trainings(services)), visitor)
        _each(trained.change, renew, live, renew_shelf)
        gr.Markdown(messages.SYNTHETIC, elem_classes="pt-note")
        gr.api(Calls(services).transfer, api_name="transfer", concurrency_limit=None)
    blocks.queue(default_concurrency_limit=None)
    return blocks


def _account() -> None:
    """On a Space: signing in, where it was set up, and a Space of one's own."""
    with gr.Row(elem_classes="pt-account"):
        if can_sign_in():
            gr.LoginButton(messages.SIGN_IN, logout_value=messages.SIGN_OUT, size="sm", elem_id="sign-in")
        gr.DuplicateButton(messages.DUPLICATE, elem_id="duplicate")


def _each(event: Any, *renewals: Callable[[Any], None]) -> None:
    """Have an event show the targets there are by then, wherever there are cards of them."""
    for renewed in renewals:
        renewed(event)


def main() -> None:
    """Open the page and serve it until Ctrl-C."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    settings = Settings.from_environment()
    jobs = Jobs(
        settings.root,
        settings.jobs,
        keep_seconds=settings.keep_seconds,
        max_waiting=settings.max_waiting,
        max_per_visitor=settings.per_visitor,
    )
    services = Services(settings, jobs)
    pages: list[gr.Blocks] = []
    lend = gpu.lender(services.visits, lambda: pages[0])
    backchannel = Backchannel(
        {"hub_token": services.visits.hub_token, "gpu": lend}
    )  # before the workers: they inherit
    try:
        jobs.start()
    except PoseTransferError as error:
        sys.exit(str(error))
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))  # so that the workers are ended too
    blocks, stage = build(services), Stage(settings)
    pages.append(blocks)
    try:
        jobs.announce(_opened(blocks, settings, [*routes(jobs), *live_routes(stage)]))
        blocks.block_thread()
    finally:
        blocks.close(verbose=False)  # first, so that no tab is told of jobs that are only put aside
        stage.close()
        jobs.close()
        backchannel.close()


def _opened(blocks: gr.Blocks, settings: Settings, own_routes: list[BaseRoute]) -> str:
    """Open the page with its own routes beside gradio's; gives its address."""
    _, address, _ = blocks.launch(
        server_name="0.0.0.0" if settings.hosted else None,
        prevent_thread_lock=True,
        share=False,
        show_error=False,
        max_file_size=settings.max_file_size,
        allowed_paths=[str(settings.examples)] if settings.examples.is_dir() else [],
        app_kwargs={"routes": own_routes},
        enable_monitoring=False,
        run_history=False,
        footer_links=["api"],
        head=HEAD,
        css_paths=[STATIC / name for name in ("page.css", "player.css", "train.css", "targets.css", "live.css")],
        theme=theme(),
        ssr_mode=False,
        pwa=False,
    )
    return str(address)


def theme() -> gr.themes.Base:
    """Gradio's plain theme with the system's fonts: a font from elsewhere would be a request to elsewhere."""
    fonts = ("system-ui", "-apple-system", "Segoe UI", "sans-serif")
    plain = gr.themes.Default(primary_hue="indigo", font=fonts, font_mono=("ui-monospace", "monospace"))
    # gradio's quiet texts are too pale to be read by everybody (contrast under 4.5)
    return plain.set(
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        block_label_text_color="*neutral_700",
        block_label_text_color_dark="*neutral_200",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
    )
