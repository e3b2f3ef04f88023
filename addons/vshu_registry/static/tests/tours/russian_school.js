import { registry } from "@web/core/registry";
import { absent, inState, noDialog, openApp, openMenu, page, pick, press, save, type } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

/** A reasoned submission straight to the council, what became of it, and nothing of other classes. */
tours.add("vshu_ru_class_teacher", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_signals", "menu_signals_mine"),
        { trigger: ".o_breadcrumb:contains('My signals')" },
        { trigger: ".o_list_button_add", run: "click" },
        ...pick("student_id", "Петров"),
        { trigger: ".o_field_widget[name=intake_kind] input", run: "click" },
        { trigger: ".o_select_menu_menu:not(:contains('Paper of an outside body'))" },
        { trigger: ".o_select_menu_item:contains('Reasoned submission')", run: "click" },
        ...pick("ground_id", "Alienation"),
        type("description", "С сентября пропущено 38 уроков без уважительных причин, три неудовлетворительные отметки за месяц."),
        type("measures_taken", "Беседы 3 и 10 числа, разговор с матерью."),
        press("action_submit"),
        inState("In work"),
        { trigger: ".o_field_widget[name=author_state]:contains('In work')" },
        ...openMenu("menu_cases", "menu_cases_all"),
        { trigger: ".o_kanban_record:contains('Петров')", run: "click" },
        inState("Submitted"),
        absent("button[name=action_decide]"),
        absent("button[name=action_parents_informed]"),
        ...openMenu("menu_cases", "menu_cases_all"),
        { trigger: ".o_kanban_renderer:not(:contains('Сидорова')):contains('Петров')" },
        ...openMenu("menu_people", "menu_my_class"),
        { trigger: ".o_list_renderer:contains('Петров'):not(:contains('Сидорова'))" },
        absent("[data-menu-xmlid='vshu_registry.menu_journal']"),
    ],
});

/** A submission of the psychologist's own, and a paper laid into the file. */
tours.add("vshu_ru_psychologist", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_signals", "menu_signals_mine"),
        { trigger: ".o_breadcrumb:contains('My signals')" },
        { trigger: ".o_list_button_add", run: "click" },
        ...pick("student_id", "Петров"),
        ...pick("ground_id", "Deviant"),
        type("description", "Наблюдение на уроках: замкнутость, порезы на предплечье."),
        press("action_submit"),
        inState("In work"),
        ...openMenu("menu_cases", "menu_cases_all"),
        { trigger: ".o_kanban_record:contains('Сидорова')", run: "click" },
        inState("On the register"),
        // the file is read, not kept: no button that would then refuse
        absent("button[name=action_parents_informed]"),
        absent("button[name=action_reviewed]"),
        absent("button[name=action_decide]"),
        page("papers"),
        {
            trigger:
                ".o_field_widget[name=document_ids] .o_data_row:contains('recommendations of the psychologist') button[name=action_there]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=document_ids] .o_data_row:contains('recommendations of the psychologist') .o_data_cell[name=state]:contains('There')",
        },
    ],
});

/** The head: consent to a submission, who can see a case, an erroneous entry annulled with its reason. */
tours.add("vshu_ru_head", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_cases", "menu_cases_waiting"),
        { trigger: ".o_data_row:contains('Петров') .o_data_cell[name=student_id]", run: "click" },
        { trigger: ".o_field_widget[name=next_step]:contains('consent')" },
        press("action_consent"),
        { trigger: ".o_field_widget[name=consent] input:checked" },
        absent("button[name=action_consent]"),
        ...openMenu("menu_cases", "menu_cases_all"),
        { trigger: ".o_kanban_record:contains('Сидорова')", run: "click" },
        inState("On the register"),
        // not all buttons of the case have room beside each other
        { trigger: ".o-form-buttonbox .o_button_more", run: "click" },
        press("action_who_can_see"),
        { trigger: ".modal .o_data_row:contains('ru_psychologist')" },
        { trigger: ".modal:contains('ru_teacher_b'):not(:contains('ru_subject_teacher'))" },
        { trigger: ".modal .modal-footer button:contains('Close')", run: "click" },
        noDialog(),
        press("action_annul"),
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: ".modal .o_field_widget[name=reason].o_field_invalid" },
        type("reason", "Запись внесена ошибочно: постановление вынесено на однофамилицу."),
        press("action_confirm"),
        noDialog(),
        { trigger: ".ribbon:contains('Annulled')" },
        ...openMenu("menu_journal"),
        { trigger: ".o_vshu_journal .o_data_row.fst-italic:contains('Сидорова'):contains('Annulled')" },
        {
            trigger: ".o_data_row.fst-italic .o_data_cell[name=subject_name]",
            run() {
                if (!getComputedStyle(this.anchor).textDecorationLine.includes("line-through")) {
                    throw new Error("the annulled row is not struck through");
                }
            },
        },
    ],
});

/** The author of a signal sees the own ones and what became of them, nothing else. */
tours.add("vshu_ru_subject_teacher", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_signals", "menu_signals_mine"),
        { trigger: ".o_data_row:contains('Сидорова'):contains('Decided')" },
        { trigger: ".o_list_renderer:not(:contains('Кузнецов'))" },
        absent("[data-menu-xmlid='vshu_registry.menu_signals_all']"),
        absent("[data-menu-xmlid='vshu_registry.menu_journal']"),
        absent("[data-menu-xmlid='vshu_registry.menu_reporting']"),
        { trigger: ".o_list_button_add", run: "click" },
        ...pick("student_id", "Петров"),
        type("description", "Дважды ушёл с урока без разрешения."),
        absent("button[name=action_submit]"),
        absent("button[name=action_enter]"),
        ...save(),
        { trigger: ".o_field_widget[name=author_state]:contains('Received')" },
        ...openMenu("menu_cases", "menu_cases_all"),
        { trigger: ".o_kanban_renderer:not(:contains('Сидорова'))" },
        absent(".o-kanban-button-new"),
    ],
});
