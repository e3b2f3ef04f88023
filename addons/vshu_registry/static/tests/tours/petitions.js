import { registry } from "@web/core/registry";
import { absent, inState, openApp, openMenu, pick, press, save, type } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

const confirmed = () => ({ trigger: ".modal .modal-footer .btn-primary", run: "click" });

/** KZ-17: the refusal before two witnesses, then the petition that is offered because both halves hold. */
tours.add("vshu_petition_draft", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_cases", "menu_cases_all"),
        { trigger: ".o_kanban_record:contains('Ахметов')", run: "click" },
        // not all buttons of the case have room beside each other
        { trigger: ".o-form-buttonbox .o_button_more", run: "click" },
        press("action_open_parent_facts"),
        { trigger: ".o_data_row:contains('They take no measures')" },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=partner_ids] input", run: "edit Петрова" },
        { trigger: ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option):contains('Петрова')", run: "click" },
        ...pick("witness_id", "kz_psychologist"),
        ...pick("witness2_id", "kz_deputy_head"),
        type("note", "Предложен психолог, мать отказалась."),
        ...save(),
        { trigger: ".breadcrumb-item:contains('№ 1') a", run: "click" },
        { trigger: ".o-form-buttonbox .o_button_more", run: "click" },
        press("action_open_petitions"),
        { trigger: ".o_list_button_add", run: "click" },
        ...pick("kind_id", "Administrative measures"),
        { trigger: ".o_field_widget[name=body]:contains('Ахметов'):contains('мать отказалась')" },
        ...pick("partner_id", "Комиссия"),
        ...save(),
        inState("Draft"),
        absent("button[name=action_send]"),
    ],
});

tours.add("vshu_petition_send", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_cases", "menu_petitions"),
        { trigger: ".o_data_row:contains('Комиссия') .o_data_cell[name=kind_id]", run: "click" },
        press("action_send"),
        confirmed(),
        inState("Sent"),
        absent("button[name=action_send]"),
    ],
});

tours.add("vshu_petition_answer", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_cases", "menu_petitions"),
        { trigger: ".o_data_row:contains('Комиссия') .o_data_cell[name=kind_id]", run: "click" },
        press("action_answer"),
        { trigger: ".modal .o_field_widget[name=outcome] input[data-value=granted]", run: "click" },
        type("answer_number", "3-12/418"),
        type("answer_text", "Вынесено предупреждение."),
        press("action_confirm"),
        inState("Answered"),
        { trigger: ".o_field_widget[name=outcome]:contains('Granted')" },
    ],
});

/** The year is closed after a preview in which one pupil is chosen for by hand. */
tours.add("vshu_close_year", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_people", "menu_close_year"),
        { trigger: ".o_data_row:contains('2026/27') .o_data_cell[name=name]", run: "click" },
        press("action_close_year"),
        { trigger: ".o_field_widget[name=summary]:contains('8 «А»')" },
        // lessons go on until the end of the last term
        type("early_reason", "The school is closed for repair"),
        { trigger: ".o_notebook .nav-link[name=students]", run: "click" },
        { trigger: ".o_data_row:contains('Ахметов') .o_data_cell[name=reason_id]", run: "click" },
        ...pick("reason_id", "Repeats"),
        ...save(),
        { trigger: ".o_field_widget[name=summary]:contains('Repeats the class: 1')" },
        press("action_confirm"),
        confirmed(),
        { trigger: ".o_notification:contains('Pupils moved: 2')" },
    ],
});
