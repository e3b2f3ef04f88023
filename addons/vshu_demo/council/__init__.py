from . import council_demo
