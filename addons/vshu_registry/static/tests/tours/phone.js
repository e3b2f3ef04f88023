import { registry } from "@web/core/registry";
import { fits, stepsToPick } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

/** At 390 pixels, by touch: file a signal. */
tours.add("vshu_phone_signal", {
    steps: () => [
        { trigger: ".o_breadcrumb:contains('My signals')" },
        fits(),
        { trigger: ".o_list_button_add, .o-kanban-button-new", run: "click" },
        ...stepsToPick("student_id", "Петров"),
        {
            trigger: ".o_field_widget[name=description] textarea",
            run: "edit Ушёл с третьего урока.",
        },
        fits(),
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved .o_field_widget[name=author_state]:contains('Received')" },
        fits(),
    ],
});

/** At 390 pixels: what waits today, and the case behind it. */
tours.add("vshu_phone_today", {
    steps: () => [
        { trigger: ".o_kanban_record:contains('clause 5.3')" },
        fits(),
        { trigger: ".o_kanban_record:contains('clause 5.3')", run: "click" },
        { trigger: ".o_form_view button[name=action_open_record]:visible" },
        fits(),
        { trigger: "button[name=action_open_record]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=student_id]:contains('Петров')" },
        fits(),
    ],
});
