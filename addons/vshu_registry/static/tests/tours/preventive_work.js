import { registry } from "@web/core/registry";
import { assertClicks, fits, noDialog, openApp, openMenu, startCounting, typeOn } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

const badge = (kind) => ({ trigger: `.modal .o_field_widget[name=kind_id] .o_selection_badge:contains("${kind}")`, run: "click" });

/** What happened: the cursor is there already, nothing is clicked before typing. */
const write = (text) => [
    { content: "the cursor waits in the text", trigger: ".modal .o_field_widget[name=text] textarea:focus" },
    typeOn("text", text),
];

/** The dialog is no wider than the phone. */
const dialogFits = () => ({
    content: "the dialog fits the screen",
    trigger: ".modal .modal-body",
    run() {
        const body = document.querySelector(".modal .modal-body");
        if (body.scrollWidth > body.clientWidth + 1) {
            throw new Error("The dialog is wider than the screen");
        }
    },
});

const logged = (kind, text) => [
    { trigger: `.o_vshu_timeline .o_kanban_record:contains("${kind}"):contains("${text}")` },
];

/** A talk from the case, praise from the student's form: three clicks each, the button included; both on the timeline. */
tours.add("vshu_class_teacher_logs_work", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_cases", "menu_cases_all"),
        { trigger: ".o_kanban_record:contains('Ахметов')", run: "click" },
        { trigger: ".o_form_view button[name=action_interventions]:contains('0')" },
        startCounting(),
        { trigger: "button[name=action_log_intervention]", run: "click" },
        ...write("Поговорили об опозданиях."),
        badge("Talk"),
        { trigger: ".modal button[name=action_save]", run: "click" },
        noDialog(),
        assertClicks(3),
        { trigger: ".o_form_view button[name=action_interventions]:contains('1')" },
        ...openMenu("menu_people", "menu_my_class"),
        { trigger: ".o_data_row:contains('Ахметов') .o_data_cell[name=name]", run: "click" },
        { trigger: ".o_form_view button[name=action_vshu_interventions]:contains('1')" },
        startCounting(),
        { trigger: "button[name=action_vshu_log]", run: "click" },
        ...write("Первое место на олимпиаде."),
        badge("Praise"),
        { trigger: ".modal button[name=action_save]", run: "click" },
        noDialog(),
        assertClicks(3),
        { trigger: ".o_form_view button[name=action_vshu_interventions]:contains('+1')" },
        { trigger: "button[name=action_vshu_interventions]", run: "click" },
        ...logged("Talk", "Поговорили об опозданиях."),
        ...logged("Praise", "Первое место на олимпиаде."),
        { trigger: ".o_search_panel .o_search_panel_filter_value:contains('Positive'):contains('1')" },
        ...openMenu("menu_cases", "menu_cases_all"),
        { trigger: ".o_kanban_record:contains('Ахметов')", run: "click" },
        { trigger: "button[name=action_interventions]", run: "click" },
        ...logged("Praise", "Первое место на олимпиаде."),
    ],
});

/** At 390 pixels: from the list of students, save and write the next one. */
tours.add("vshu_phone_logs_work", {
    steps: () => [
        { trigger: ".o_kanban_record:contains('Петров') a[name=action_vshu_log]", run: "click" },
        ...write("Мать не знала о пропуске."),
        badge("Phone call"),
        dialogFits(),
        { trigger: ".modal button[name=action_save_new]", run: "click" },
        { trigger: ".modal .o_field_widget[name=text] textarea:value()" },
        ...write("Сам пришёл пересдать тему."),
        badge("Praise"),
        { trigger: ".modal button[name=action_save]", run: "click" },
        noDialog(),
        { trigger: ".o_kanban_record:contains('Петров')", run: "click" },
        { trigger: "button[name=action_vshu_interventions]:visible, .o-form-buttonbox .o_button_more" },
        fits(),
    ],
});
