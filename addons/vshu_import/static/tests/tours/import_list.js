import { registry } from "@web/core/registry";
import { inState, openApp, openMenu, press } from "@vshu_registry/../tests/tours/tour_helpers";

/** Upload the file that the test has laid down, as if it were chosen from the disk. */
const upload = (name) => ({
    content: `choose ${name}`,
    trigger: ".o_field_widget[name=file] .o_select_file_button",
    async run() {
        const blob = await (await fetch("/web/content/vshu_tour.class_list")).blob();
        const files = new DataTransfer();
        files.items.add(new File([blob], name));
        const input = document.querySelector(".o_field_widget[name=file] input[type=file]");
        input.files = files.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
    },
});

/** A list made of all the mess that schools have: checked, one child chosen, imported, the rest saved as a file. */
registry.category("web_tour.tours").add("vshu_import_class_list", {
    steps: () => [
        ...openApp(),
        ...openMenu("menu_people", "menu_import", "vshu_import"),
        { trigger: ".o_breadcrumb:contains('Class lists')" },
        { trigger: ".o_list_button_add", run: "click" },
        upload("список.xlsx"),
        { trigger: ".o_field_widget[name=file] input.o_input:value(список.xlsx)" },
        { trigger: ".o_field_widget[name=create_classes] input", run: "click" },
        press("action_read"),
        inState("Checked"),
        { trigger: ".o_field_widget[name=problem_line_ids] .o_data_row:contains('31.02.2014')" },
        { trigger: ".o_field_widget[name=problem_line_ids] .o_data_row:contains('Близнецов') [name=student_id]", run: "click" },
        { trigger: ".o_field_widget[name=problem_line_ids] .o_selected_row [name=student_id] input", run: "click" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Близнецов'):first", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, body:not(:has(.o_form_button_save:visible))" },
        { trigger: ".o_field_widget[name=problem_line_ids]:not(:has(.o_data_row:contains('Близнецов')))" },
        press("action_confirm"),
        { trigger: ".modal .modal-footer .btn-primary", run: "click" },
        inState("Imported"),
        { trigger: ".alert:contains('The rows without problems are imported')" },
        { trigger: "button[name=action_problem_file]" },
        { trigger: "button[name=action_open_lines]:contains('Problems')", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('седьмой')" },
    ],
});
