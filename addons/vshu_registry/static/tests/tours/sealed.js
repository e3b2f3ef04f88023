import { registry } from "@web/core/registry";
import { absent, inState, noDialog, openApp, openMenu, page, press, type } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

const WORDS = "Тревожность повышена";
const LINE = ".o_field_widget[name=document_ids] .o_data_row:contains('Psychological conclusion')";

const openCase = (name) => [
    ...openApp(),
    ...openMenu("menu_cases", "menu_cases_all"),
    { trigger: `.o_kanban_record:contains('${name}')`, run: "click" },
    { trigger: ".o_form_view .o_statusbar_status" },
    page("papers"),
];

/** The psychologist files a sealed conclusion from the line of the paper. */
tours.add("vshu_sealed_psychologist", {
    steps: () => [
        ...openCase("Ахметов"),
        { trigger: `${LINE} button[name=action_seal]`, run: "click" },
        { trigger: ".o_breadcrumb:contains('Sealed paper')" },
        // an empty one is refused
        press("action_file"),
        { content: "placed on file for good: confirm", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        { trigger: ".modal .modal-body:contains('is empty')" },
        { trigger: ".modal .modal-footer .btn-primary", run: "click" },
        noDialog(),
        type("text", `${WORDS}, самооценка занижена.`),
        press("action_file"),
        { content: "placed on file for good: confirm", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        inState("Filed"),
        absent("button[name=action_file]"),
        { trigger: `.o_field_widget[name=text]:contains('${WORDS}')` },
        { trigger: ".breadcrumb-item a:contains('Cases'), .o_back_button", run: "click" },
    ],
});

/** The deputy head opens it from the case and reads it; the opening is on record. */
tours.add("vshu_sealed_deputy_head", {
    steps: () => [
        ...openCase("Ахметов"),
        { trigger: `${LINE} .o_data_cell[name=state]:contains('There')` },
        absent(`${LINE} button[name=action_seal]`),
        { trigger: `${LINE} button[name=action_open_sealed]:contains('Open'), ${LINE} button[name=action_open_sealed]`, run: "click" },
        inState("Filed"),
        { trigger: `.o_field_widget[name=text]:contains('${WORDS}')` },
        absent("button[name=action_correct]"),
        absent(".o_field_widget[name=reading_ids]"),
        press("action_who_can_see"),
        { trigger: ".modal .o_data_row:contains('kz_psychologist'):contains('Author')" },
        { trigger: ".modal:contains('kz_head'):not(:contains('kz_class_teacher')):not(:contains('kz_social_pedagogue'))" },
        { trigger: ".modal .modal-footer button:contains('Close')", run: "click" },
        noDialog(),
    ],
});

/** The class teacher sees that it is there, since when and from whom, and is told who reads it. */
tours.add("vshu_sealed_class_teacher", {
    steps: () => [
        ...openCase("Ахметов"),
        { trigger: `${LINE} .o_data_cell[name=state]:contains('There')` },
        { trigger: `${LINE} .o_data_cell[name=author_name]:contains('kz_psychologist')` },
        absent(`${LINE} button[name=action_seal]`),
        { trigger: `${LINE} button[name=action_open_sealed]`, run: "click" },
        { trigger: ".modal .modal-body:contains('is sealed'):contains('Deputy head')" },
        { trigger: ".modal .modal-footer .btn-primary", run: "click" },
        noDialog(),
        { trigger: `body:not(:contains('${WORDS}'))` },
    ],
});

/** The psychologist recommends to a teacher, from the case. */
tours.add("vshu_recommendation_psychologist", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_cases", "menu_cases_all"),
        { trigger: ".o_kanban_record:contains('Ахметов')", run: "click" },
        { trigger: ".o-form-buttonbox .o_button_more", run: "click" },
        press("action_open_recommendations"),
        { trigger: ".o_breadcrumb:contains('Recommendations')" },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=student_id]:contains('Ахметов')" },
        type("text", "Не вызывать к доске без предупреждения."),
        { trigger: ".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a", run: "click" },
        {
            trigger: ".o_field_widget[name=line_ids] .o_selected_row .o_field_widget[name=employee_id] input",
            run: "edit kz_subject_teacher",
        },
        { trigger: ".o-autocomplete--dropdown-item:contains('kz_subject_teacher')", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        press("action_give"),
        inState("Given"),
    ],
});

/** The subject teacher finds it, writes what was done, sees nothing else of the case. On a phone. */
tours.add("vshu_recommendation_teacher", {
    steps: () => [
        { trigger: ".o_kanban_record:contains('Ахметов'), .o_data_row:contains('Ахметов')", run: "click" },
        { trigger: ".o_field_widget[name=text]:contains('к доске')" },
        type("note", "Предупреждаю накануне, отвечает спокойно."),
        press("action_done"),
        { trigger: ".ribbon:contains('Carried out')" },
        absent("button[name=action_done]"),
    ],
});
