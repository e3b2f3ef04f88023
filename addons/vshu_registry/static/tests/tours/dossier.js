import { registry } from "@web/core/registry";
import { fits, inState, openApp, openMenu, page, press, refused, type } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

const row = ".o_field_widget[name=document_ids] .o_data_row:contains('every three months')";

/** The class teacher writes the characteristic of a child of the own class; the paper is there then. */
tours.add("vshu_ru_class_teacher_characteristic", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_cases", "menu_cases_all"),
        { trigger: ".o_kanban_record:contains('Петров')", run: "click" },
        inState("On the register"),
        page("papers"),
        { trigger: ".o_field_widget[name=papers_glance]:contains('missing')" },
        { trigger: `${row} button[name=action_fill_form]`, run: "click" },
        // what the school knows stands there
        { trigger: ".o_form_view .o_field_widget[name=student_name] input:value(Петров Иван)" },
        { trigger: ".o_field_widget[name=rating] .o_radio_item:contains('Positive') input", run: "click" },
        type("character", "Вспыльчивый, отходчивый."),
        type("qualities_good", "Помогает младшим."),
        type("qualities_bad", "Не доводит дело до конца."),
        press("action_finish"),
        ...refused("Standing in the class", "Relations in the family", "Progress at school"),
        type("standing", "Дружит с двумя одноклассниками."),
        page("study"),
        type("study_progress", "Средний балл 3,4."),
        type("study_motivation", "Учится под контролем."),
        type("study_attendance", "Пропустил 12 уроков."),
        type("activities", "Дежурит по классу."),
        page("family"),
        { trigger: ".o_field_widget[name=mother_name] input:value(Петрова Мария)" },
        type("family_relations", "Отношения ровные."),
        press("action_finish"),
        inState("Finished"),
        { trigger: ".o_field_widget[name=author_name]:contains('ru_class_teacher')" },
        { trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a:contains('№ 1')", run: "click" },
        inState("On the register"),
        page("papers"),
        { trigger: `${row} .o_data_cell[name=state]:contains('There')` },
        // the next copy has come up
        { trigger: `${row} .o_data_cell[name=state]:contains('Expected')` },
    ],
});

/** What waits for the class teacher, across cases. */
tours.add("vshu_ru_class_teacher_papers", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_cases", "menu_papers"),
        { trigger: ".o_breadcrumb:contains('Papers')" },
        { trigger: ".o_list_renderer:contains('Петров'):not(:contains('Сидорова')):not(:contains('Act on the curator'))" },
        { trigger: ".o_data_row:contains('every three months') button[name=action_fill_form]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=student_name] input:value(Петров Иван)" },
    ],
});

/** At 390 pixels: the papers that wait, and a form that fits. */
tours.add("vshu_phone_papers", {
    steps: () => [
        { trigger: ".o_kanban_record:contains('every three months')" },
        fits(),
        { trigger: ".o_kanban_record:contains('every three months') button[name=action_fill_form]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=student_name]" },
        fits(),
    ],
});
