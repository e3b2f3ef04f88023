import { registry } from "@web/core/registry";
import { fits, inState, press, type } from "@vshu_registry/../tests/tours/tour_helpers";

const tours = registry.category("web_tour.tours");

const card = ".o_kanban_record:not(.o_kanban_ghost)";

/** Social pedagogue: the plan of a case that waits for the council, drafted in one click (KZ-14, KZ-15). */
tours.add("vshu_plans_draft", {
    steps: () => [
        press("action_draft_plan"),
        { trigger: ".o_form_view .oe_title:contains('Plan, case')" },
        { content: "measures with persons and days", trigger: ".o_field_widget[name=measure_ids] .o_data_row:nth-child(6)" },
        { content: "what is missing is said", trigger: ".alert:contains('rate the goal')" },
        inState("Draft"),
    ],
});

/** Chair: the minutes say that the plan is approved; the second signature puts it in force (KZ-12). */
tours.add("vshu_plans_approval", {
    steps: () => [
        // the minutes are written in the language of the school's papers
        { trigger: ".o_field_widget[name=preview]:contains('индивидуальный план профилактической работы')" },
        press("action_sign"),
        { trigger: ".modal .modal-footer .btn-primary", run: "click" },
        inState("Signed"),
    ],
});

/** Class teacher: one touch marks a measure done. */
tours.add("vshu_plans_one_touch", {
    steps: () => [
        { trigger: `${card} button[name=action_done_today]`, run: "click" },
        { content: "the card has gone from what is to do", trigger: `body:not(:has(${card}:nth-child(99)))` },
    ],
});

/** Psychologist: done with a note and what came of it. */
tours.add("vshu_plans_with_note", {
    steps: () => [
        { trigger: `${card} button[name=action_done]`, run: "click" },
        type("note", "Встреча состоялась, договорились о следующей."),
        { trigger: ".modal .o_field_widget[name=outcome] input[data-value=partly]", run: "click" },
        { trigger: ".modal .modal-footer button[name=action_confirm]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

/** Subject teacher, on a phone: the own measure, in one touch; the page fits the screen. */
tours.add("vshu_plans_phone", {
    steps: () => [
        { trigger: `${card} button[name=action_done_today]` },
        fits(),
        { trigger: `${card} button[name=action_done_today]`, run: "click" },
        { trigger: ".o_view_nocontent_smiling_face" },
    ],
});

/** Social pedagogue: the review is filled in; its conclusion drafts the next version (RU-5.4). */
tours.add("vshu_plans_review", {
    steps: () => [
        { content: "what was done is there", trigger: ".o_field_widget[name=measures_text] textarea" },
        { trigger: ".o_field_widget[name=conclusion] input[data-value=change]", run: "click" },
        type("conclusion_text", "Добавить занятия в секции."),
        press("action_conclude"),
        { trigger: ".o_form_view .oe_title:contains('version 2')" },
        { trigger: ".o_field_widget[name=change_reason]:contains('секции')" },
        press("action_put_forward"),
        { trigger: ".o_form_view .oe_title:contains('Progress of the work')" },
    ],
});

/** Social pedagogue: the checklist of the removal has the plan's lines (KZ-19). */
tours.add("vshu_plans_readiness", {
    steps: () => [
        { content: "the case has many buttons", trigger: ".o-form-buttonbox .o_button_more", run: "click" },
        press("action_open_readiness"),
        { trigger: ".modal .o_field_widget[name=readiness]:contains('The plan is carried out')" },
        { trigger: ".modal .o_field_widget[name=readiness]:contains('Last review: Change the plan')" },
    ],
});
