"""python -m posetransfer"""

from posetransfer.cli import main

main()
