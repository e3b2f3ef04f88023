{
    "name": "Lists for a School's Prevention Register",
    "summary": "Class lists from Kundelik, Dnevnik.ru, 1C or by hand; the paper register taken over",
    "version": "19.0.1.0.0",
    "category": "Education",
    "author": "VSHU contributors",
    "maintainer": "VSHU contributors",
    "license": "LGPL-3",
    "depends": ["vshu_registry"],
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
    "data": [
        "security/ir.model.access.csv",
        "security/vshu_import_rules.xml",
        "data/vshu_import_cron.xml",
        "views/vshu_import_views.xml",
        "views/vshu_school_import_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["vshu_import/static/tests/tours/*.js"],
    },
}
