from . import vshu_demo
