import { registry } from "@web/core/registry";
import { fits, inState, noDialog, openApp, openMenu, pick, press, refused } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

/** From the case to its notices: printed, handed over, refused; one witness is not enough. */
tours.add("vshu_ru_social_pedagogue_notice", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_cases", "menu_cases_all"),
        { trigger: ".o_kanban_record:contains('Петров')", run: "click" },
        inState("On the register"),
        { trigger: ".o-form-buttonbox .o_button_more", run: "click" },
        press("action_open_notices"),
        { trigger: ".o_list_renderer:contains('Class teacher')" },
        { trigger: ".o_data_row:contains('Parents') .o_data_cell[name=event]", run: "click" },
        { trigger: ".o_field_widget[name=next_step]:contains('hand it over')" },
        { trigger: ".o_form_view button[name=action_print]:enabled", run: "click" },
        { trigger: ".o_form_view button[name=action_print]:contains('Print again')" },
        press("action_send"),
        { trigger: ".modal .o_field_widget[name=channel] input:checked" },
        press("action_confirm"),
        noDialog(),
        inState("Sent"),
        press("action_refuse"),
        ...pick("witness1_id", "ru_psychologist"),
        press("action_confirm"),
        ...refused("two different persons"),
        ...pick("witness2_id", "ru_deputy_head"),
        press("action_confirm"),
        noDialog(),
        inState("Refused"),
        { trigger: ".o_field_widget[name=witness2_id]:contains('ru_deputy_head')" },
        { trigger: ".o_form_view:not(:has(button[name=action_send], button[name=action_refuse]))" },
    ],
});

/** The class teacher on a phone: told, reads it, says so. */
tours.add("vshu_phone_notice", {
    steps: () => [
        { trigger: ".o_kanban_record:contains('Class teacher')", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=next_step]:contains('I have read it')" },
        fits(),
        press("action_acknowledge"),
        { trigger: ".o_form_view .o_field_widget[name=date_acknowledged]" },
        fits(),
    ],
});
