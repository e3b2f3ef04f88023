import { registry } from "@web/core/registry";
import { absent, day, inState, openApp, openMenu, press, save, type } from "./tour_helpers";

/** School form, public holidays, the school's own version of the regulation; no door to any case. */
registry.category("web_tour.tours").add("vshu_administrator", {
    steps: () => [
        ...openApp(),
        absent("[data-menu-xmlid='vshu_registry.menu_cases']"),
        absent("[data-menu-xmlid='vshu_registry.menu_signals']"),
        absent("[data-menu-xmlid='vshu_registry.menu_today']"),
        ...openMenu("menu_configuration", "menu_school"),
        { trigger: ".o_field_widget[name=keeper_order_number] input:value(15-о)" },
        type("keeper_order_number", "16-о"),
        press("action_load_holidays"),
        { trigger: "button[name=action_open_exceptions] .o_stat_value:not(:contains(/^0$/))" },
        ...openMenu("menu_configuration", "menu_regulations"),
        { trigger: ".o_data_row:contains('Internal school register') .o_data_cell[name=name]", run: "click" },
        { trigger: ".alert:contains('comes with the program')" },
        press("action_make_own_version"),
        inState("Draft"),
        type("date_from", () => day(0)),
        press("action_put_in_force"),
        { trigger: ".modal .modal-footer .btn-primary", run: "click" },
        inState("In force"),
        ...openMenu("menu_configuration", "menu_school"),
        { trigger: ".o_field_widget[name=keeper_order_number] input:value(16-о)" },
    ],
});
