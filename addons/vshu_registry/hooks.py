def pre_init_hook(env):
    """Bring the Kazakh language, which Odoo does not ship, so that the addon's translation is loaded with it."""
    lang = env["res.lang"].with_context(active_test=False).search([("code", "=", "kk_KZ")], limit=1)
    if lang:
        lang.active = True
        return
    env["res.lang"].create(
        {
            "name": "Kazakh / Қазақша",
            "code": "kk_KZ",
            "iso_code": "kk",
            "url_code": "kk",
            "active": True,
            "direction": "ltr",
            "date_format": "%d.%m.%Y",
            "time_format": "%H:%M:%S",
            "week_start": "1",
            "grouping": "[3,0]",
            "decimal_point": ",",
            "thousands_sep": "\u00a0",
        }
    )
