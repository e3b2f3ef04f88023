import { stepUtils } from "@web_tour/tour_utils";

/** Events of a user, as Odoo's own tours make them; the module is there only while a tour runs. */
const hoot = () => odoo.loader.modules.get("@odoo/hoot-dom");

const DIALOG = ".modal:not(.o_inactive_modal)";

/** Clicks of the pointer since `startCounting`: what a hand does, typing apart. */
let clicks = 0;

const countClick = () => {
    clicks++;
};

/** Count pointer clicks from here on. */
export const startCounting = () => ({
    content: "count the clicks from here",
    trigger: "body",
    run() {
        clicks = 0;
        document.addEventListener("pointerdown", countClick, true);
    },
});

/** Fail if more than `limit` clicks were made since `startCounting`. */
export const assertClicks = (limit) => ({
    content: `at most ${limit} clicks`,
    trigger: "body",
    run() {
        document.removeEventListener("pointerdown", countClick, true);
        console.log(`vshu: ${clicks} clicks`);
        if (!clicks || clicks > limit) {
            throw new Error(`${clicks} clicks were needed, at most ${limit} are allowed`);
        }
    },
});

/** `days` days from today, as the English client writes and reads dates. */
export const day = (days) => luxon.DateTime.now().plus({ days }).toFormat("MM/dd/yyyy");

/** Open the app from wherever the user has landed. */
export const openApp = () => stepUtils.goToAppSteps("vshu_registry.menu_root", "open the register");

/** Open a menu entry of the app, by the names of its records. */
export const openMenu = (section, entry, addon = "vshu_registry") => {
    const steps = [{ trigger: `.o_menu_sections [data-menu-xmlid="vshu_registry.${section}"]`, run: "click" }];
    if (entry) {
        steps.push({ trigger: `.dropdown-item[data-menu-xmlid="${addon}.${entry}"]`, run: "click" });
    }
    return steps;
};

/** Selector of the field `name`, of the dialog on top where there is one. */
const field = (name) =>
    `:is(.modal:not(.o_inactive_modal), body:not(:has(.modal))) .o_field_widget[name="${name}"]`;

/** Press Tab until the focus is in `selector`: fails where the keyboard cannot get there. */
async function tabTo(selector) {
    for (let pressed = 0; pressed < 60; pressed++) {
        if (document.activeElement?.closest(selector)) {
            return;
        }
        await hoot().press("Tab");
        await hoot().animationFrame();
    }
    throw new Error(`The keyboard does not reach ${selector}`);
}

const typeStep = (name, value, reach) => ({
    content: `type into ${name}`,
    trigger: `${field(name)} :is(input, textarea, button)`,
    async run({ click }) {
        await reach(click);
        await hoot().animationFrame();
        await hoot().edit(typeof value === "function" ? value() : value);
    },
});

/** Click into the field `name` and type `value`. */
export const type = (name, value) => typeStep(name, value, (click) => click());

/** Go to the field `name` by Tab, the hands on the keyboard, and type `value`. */
export const typeOn = (name, value) => typeStep(name, value, () => tabTo(`.o_field_widget[name="${name}"]`));

const pickSteps = (name, words, step) => [
    step(name, words),
    {
        content: `take “${words}” by Enter`,
        trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option):contains("${words}")`,
        async run() {
            await hoot().press("Enter");
        },
    },
    {
        content: `“${words}” is chosen`,
        trigger: `${field(name)} input`,
        async run({ waitUntil }) {
            const input = () => hoot().queryFirst(`${field(name)} input`);
            // what was typed is a part of the name: the field holds more once the choice has come through
            await waitUntil(() => input()?.value.includes(words) && input().value !== words, { timeout: 3000 });
        },
    },
];

/** Click into the many2one `name`, type `words`, and take what is offered first by Enter. */
export const pick = (name, words) => pickSteps(name, words, type);

/** The same without a click: by Tab, typing and Enter. */
export const pickOn = (name, words) => pickSteps(name, words, typeOn);

/** Press a button of the form or the dialog by the name of its method. */
export const press = (name) => ({ trigger: `button[name="${name}"]:enabled`, run: "click" });

/** See a refusal that holds all of `words`, and close it. */
export const refused = (...words) => [
    ...words.map((word) => ({ content: `the refusal names ${word}`, trigger: `${DIALOG} .modal-body:contains("${word}")` })),
    { content: "close the refusal", trigger: `${DIALOG} .modal-footer .btn-primary`, run: "click" },
];

/** Wait until nothing is left open on top of the form. */
export const noDialog = () => ({ content: "no dialog is open", trigger: "body:not(:has(.modal))" });

/** The form stands in the state that its status bar shows as `label`. */
export const inState = (label) => ({
    content: `the state is ${label}`,
    trigger: `.o_form_view .o_statusbar_status .o_arrow_button_current:contains("${label}")`,
});

/** Save the form. */
export const save = () => stepUtils.saveForm();

/** Nothing that matches `selector` is on the screen. */
export const absent = (selector) => ({ content: `no ${selector}`, trigger: `body:not(:has(${selector}))` });

/** Open the notebook page `name`. */
export const page = (name) => ({ trigger: `.o_notebook .nav-link[name="${name}"]`, run: "click" });

/** Nothing of the page hangs out at the side: no scrolling to the right on a phone. */
export const fits = () => ({
    content: "the page fits the screen",
    trigger: ".o_action_manager .o_view_controller",
    run() {
        const wide = [document.documentElement, ...document.querySelectorAll(".o_content, .o_form_sheet")].filter(
            (node) => node.scrollWidth > node.clientWidth + 1
        );
        if (wide.length) {
            throw new Error(`Wider than the screen: ${wide.map((node) => node.className || node.tagName)}`);
        }
    },
});

/** Choose `words` in the many2one `name` by touch: the field opens a list over the whole screen. */
export const stepsToPick = (name, words) => [
    { trigger: `${field(name)} input`, run: "click" },
    { trigger: `.modal .o_kanban_record:contains("${words}"), .o-autocomplete--dropdown-item:contains("${words}")`, run: "click" },
];
