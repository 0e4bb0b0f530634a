"""A Hub on loopback, in its own process, that speaks what huggingface_hub asks of the real one and can misbehave.

python -m tests.hub_server FOLDER    prints its address; everything that is pushed lies in FOLDER
"""
