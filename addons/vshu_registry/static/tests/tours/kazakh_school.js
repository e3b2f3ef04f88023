import { registry } from "@web/core/registry";
import {
    absent,
    inState,
    noDialog,
    openApp,
    openMenu,
    page,
    pick,
    pickOn,
    press,
    refused,
    save,
    startCounting,
    assertClicks,
    type,
    typeOn,
} from "./tour_helpers";

const tours = registry.category("web_tour.tours");

/** Half a minute: the pupil and what happened; nothing else is asked for. */
tours.add("vshu_kz_signal", {
    steps: () => [
        startCounting(),
        ...openApp(),
        ...openMenu("menu_signals", "menu_signals_mine"),
        { trigger: ".o_breadcrumb:contains('My signals')" },
        { trigger: ".o_list_button_add", run: "click" },
        // one kind of signal, no control in this regulation: nothing to choose
        absent(".o_field_widget[name=intake_kind]"),
        absent(".o_field_widget[name=kind]"),
        ...pickOn("student_id", "Ахметов"),
        typeOn("description", "Третий день не приходит на первые уроки."),
        typeOn("measures_taken", "Беседа с учеником, звонок матери."),
        ...save(),
        assertClicks(6),
        { trigger: ".o_field_widget[name=author_state]:contains('Received')" },
        absent("button[name=action_accept]"),
    ],
});

tours.add("vshu_kz_deputy_head_submits", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_signals", "menu_signals_all"),
        { trigger: ".o_data_row:contains('Ахметов') .o_data_cell[name=student_id]", run: "click" },
        press("action_accept"),
        inState("Draft"),
        { trigger: ".o_field_widget[name=next_step]:contains('clause 4 ')" },
        press("action_submit"),
        ...refused("choose the ground", "clause 4 "),
        ...pick("ground_id", "Systematic absence"),
        press("action_submit"),
        inState("Submitted"),
        { trigger: ".o_field_widget[name=next_step]:contains('clause 11 ')" },
    ],
});

/** The council's minutes typed by hand: two months are refused, three are not; then the extension by the same way. */
tours.add("vshu_kz_social_pedagogue_council", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_cases", "menu_cases_waiting"),
        { trigger: ".o_data_row:contains('Ахметов') .o_data_cell[name=student_id]", run: "click" },
        press("action_decide"),
        { trigger: ".modal .o_field_widget[name=form_id] input:value(Minutes)" },
        type("number", "3"),
        type("months", "2"),
        press("action_apply"),
        ...refused("3 to 6 months", "clause 16 "),
        type("months", "3"),
        press("action_apply"),
        noDialog(),
        inState("On the register"),
        press("action_decide"),
        ...pick("kind_id", "Extend"),
        type("number", "7"),
        type("months", "2"),
        press("action_apply"),
        ...refused("by the practice of the school", "3 to 6 months"),
        type("months", "3"),
        press("action_apply"),
        noDialog(),
        page("decisions"),
        { trigger: ".o_field_widget[name=term_ids] .o_data_row:contains('Extension')" },
        press("action_decide"),
        ...pick("kind_id", "Remove"),
        ...pick("removal_reason_id", "Positive"),
        type("number", "9"),
        press("action_apply"),
        ...refused("nobody has proposed the removal", "Petition for removal", "clause 19 "),
        { trigger: ".modal .modal-footer button:contains('Close')", run: "click" },
        noDialog(),
        inState("On the register"),
    ],
});

/** Mark a paper on the page of the papers: there, and what it says. */
const paper = (name, rating) => [
    ...(rating ? rate(name, rating) : []),
    { trigger: `${paperRow(name)} button[name=action_there]`, run: "click" },
    { trigger: `${paperRow(name)} .o_data_cell[name=state]:contains("There")` },
];

const paperRow = (name) => `.o_field_widget[name=document_ids] .o_data_row:contains("${name}")`;

/** Enter what a paper says. */
const rate = (name, rating) => [
    { trigger: `${paperRow(name)} .o_data_cell[name=rating]`, run: "click" },
    { trigger: `${paperRow(name)} .o_field_widget[name=rating] input`, run: "click" },
    { trigger: `.o_select_menu_item:contains("${rating}")`, run: "click" },
    ...save(),
];

tours.add("vshu_kz_class_teacher_proposes", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_cases", "menu_cases_all"),
        { trigger: ".o_kanban_record:contains('Ахметов')", run: "click" },
        inState("On the register"),
        absent("button[name=action_decide]"),
        press("action_propose_removal"),
        ...pick("removal_reason_id", "Positive"),
        press("action_confirm"),
        noDialog(),
        inState("Removal proposed"),
        page("papers"),
        // only what this role gives can be marked; the rest is handed to the social pedagogue
        absent(".o_data_row:contains('Petition for removal') button[name=action_there]"),
        absent(".o_data_row:contains('psychological service') button[name=action_there]"),
        ...paper("Characteristic of the class teacher", "Positive"),
    ],
});

tours.add("vshu_kz_social_pedagogue_removes", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_cases", "menu_cases_waiting"),
        { trigger: ".o_data_row:contains('Ахметов') .o_data_cell[name=student_id]", run: "click" },
        inState("Removal proposed"),
        press("action_decide"),
        // what was proposed is filled in
        { trigger: ".modal .o_field_widget[name=removal_reason_id] input:value(Positive)" },
        type("number", "11"),
        press("action_apply"),
        ...refused("paper missing", "Petition for removal", "psychological service", "clause 19 "),
        { trigger: ".modal .modal-footer button:contains('Close')", run: "click" },
        noDialog(),
        page("papers"),
        ...paper("Petition for removal"),
        ...paper("psychological service", "Negative"),
        press("action_decide"),
        type("number", "11"),
        press("action_apply"),
        ...refused("paper not positive", "psychological service", "clause 19 "),
        { trigger: ".modal .modal-footer button:contains('Close')", run: "click" },
        noDialog(),
        ...rate("psychological service", "Positive"),
        press("action_decide"),
        type("number", "11"),
        press("action_apply"),
        noDialog(),
        inState("Removed"),
        absent("button[name=action_decide]"),
    ],
});
