{
    "name": "Demo Schools of the Prevention Register",
    "summary": "Two schools with a year and a half of life in them, to look at and to try things on",
    "version": "19.0.1.0.0",
    "category": "Education",
    "author": "VSHU contributors",
    "maintainer": "VSHU contributors",
    "license": "LGPL-3",
    "depends": ["vshu_plans", "vshu_import", "vshu_transfer"],
    "pre_init_hook": "pre_init_hook",
    "uninstall_hook": "uninstall_hook",
    "data": ["data/vshu_demo.xml"],
}
