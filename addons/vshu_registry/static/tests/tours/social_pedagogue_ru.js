import { registry } from "@web/core/registry";
import { assertClicks, day, inState, openApp, openMenu, pickOn, press, startCounting, typeOn } from "./tour_helpers";

registry.category("web_tour.tours").add("vshu_ru_social_pedagogue_decree", {
    steps: () => [
        startCounting(),
        ...openApp(),
        ...openMenu("menu_signals", "menu_notices"),
        { trigger: ".o_breadcrumb:contains('Outside notices')" },
        { trigger: ".o_list_button_add", run: "click" },
        ...pickOn("student_id", "Петров"),
        ...pickOn("ground_id", "Neglect"),
        ...pickOn("form_id", "Decree of the commission"),
        ...pickOn("issuer_id", "Комиссия"),
        typeOn("paper_number", "114/2"),
        typeOn("paper_date", () => day(-3)),
        typeOn("date_registered", () => day(-1)),
        typeOn("description", "Комиссия поручила школе вести профилактическую работу."),
        press("action_enter"),
        { trigger: ".modal .o_field_widget[name=number] input:value(114/2)" },
        press("action_apply"),
        inState("On the register"),
        { trigger: ".o_breadcrumb:contains('№ 1')" },
        assertClicks(8),
        { trigger: "button[name=action_open_entry]:contains('Journal row')" },
    ],
});
