import { registry } from "@web/core/registry";
import { day, inState, pick, press, type } from "@vshu_registry/../tests/tours/tour_helpers";

const tours = registry.category("web_tour.tours");

const confirmed = () => ({ trigger: ".modal .modal-footer .btn-primary", run: "click" });
const title = (words) => ({ content: `the form is ${words}`, trigger: `.o_form_view .oe_title:contains("${words}")` });

/** Hear an item: what was reported, what is decided, how was voted; “Decided” goes to the next one by itself. */
const hear = (topic, kind, votes, ...more) => [
    title(topic),
    {
        content: "nothing is written of this item yet: it is not the one before",
        trigger: ".o_field_widget[name=summary] textarea",
        async run({ waitUntil }) {
            const written = () => document.querySelector(".o_field_widget[name=summary] textarea")?.value;
            await waitUntil(() => written() === "", { timeout: 5000 });
        },
    },
    type("summary", "Классный руководитель доложил о работе."),
    ...pick("kind_id", kind),
    ...more,
    type("count_for", votes),
    press("action_decide"),
];

/** Deputy head: from the list of what waits to a convened meeting (KZ-5). */
tours.add("vshu_council_convening", {
    steps: () => [
        { trigger: ".o_data_row:nth-child(3)" },
        { trigger: ".o_control_panel button:contains('Propose a meeting')", run: "click" },
        { trigger: ".o_form_view .o_data_row:nth-child(3)" },
        type("place", "кабинет 12"),
        type("decision_number", "12"),
        type("decision_date", () => day(0)),
        press("action_convene"),
        inState("Convened"),
    ],
});

/** Secretary: the meeting sits, decides on three items, is closed and signed for the first time (KZ-13). */
tours.add("vshu_council_sitting", {
    steps: () => [
        press("action_start"),
        inState("Sitting"),
        press("action_all_present"),
        { trigger: ".o_field_widget[name=quorum_text]:contains('5 of 5')" },
        { trigger: ".o_data_row:first-child button[name=action_open]", run: "click" },
        ...hear("Placement", "Place on the reg", "5"),
        ...hear("Placement", "but watc", "5"),
        ...hear("End of the term", "Extend the ter", "4"),
        press("action_close"),
        title("Minutes № 1"),
        // in the language of the school's papers, whoever reads
        { trigger: ".o_field_widget[name=preview]:contains('СЛУШАЛИ')" },
        press("action_sign"),
        confirmed(),
        { trigger: "button[name=action_take_back]" },
    ],
});

/** Chair: reads the minutes, signs; what was decided is carried out, the extracts are there. */
tours.add("vshu_council_signing", {
    steps: () => [
        { trigger: ".o_field_widget[name=preview]:contains('РЕШИЛИ')" },
        press("action_sign"),
        confirmed(),
        inState("Signed"),
        press("action_open_extracts"),
        { trigger: ".o_list_view .o_data_row:nth-child(3)" },
    ],
});

/** Secretary: an agenda with every topic, the last matter without a case, is heard to the end (screens.md 1). */
const TOPICS = [
    ["Placement", "Place on the reg"],
    ["Removal", "Take note, or othe"],
    ["End of the term", "Extend the ter"],
    ["Progress of the work", "Take note, or othe"],
    ["Other matter", "Hear again at anothe"],
    ["О дежурстве в столовой", "Take note, or othe"],
];

tours.add("vshu_council_every_topic", {
    steps: () => [
        press("action_start"),
        inState("Sitting"),
        press("action_all_present"),
        { trigger: ".o_field_widget[name=quorum_text]:contains('5 of 5')" },
        { trigger: ".o_data_row:first-child button[name=action_open]", run: "click" },
        ...TOPICS.flatMap(([topic, kind]) => hear(topic, kind, "5")),
        press("action_close"),
        title("Minutes № 1"),
    ],
});

/** A list that is empty because of what was typed says so, and nothing else (screens.md B1). */
tours.add("vshu_council_nothing_found", {
    steps: () => [
        { trigger: ".o_view_nocontent:contains('Nothing waits for the council')" },
        { trigger: ".o_searchview_input", run: "edit Громов" },
        { trigger: ".o_searchview_autocomplete .o-dropdown-item:contains('Громов')", run: "click" },
        { trigger: ".o_view_nocontent:contains('Nothing was found')" },
        { trigger: "body:not(:contains('Nothing waits for the council'))" },
    ],
});
