/**
 * Chromium takes "kk" for a locale that it knows and then writes "2026 M11 21" and "+6 d": the names of Kazakh months,
 * weekdays and periods are left out of its data. Luxon, and Odoo with it, asks the browser. Where the browser has no
 * Kazakh words we give them; one that has them is left alone. No Odoo view or setting can do this.
 */

const MONTHS = {
    long: "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан".split(" "),
    short: "қаң. ақп. нау. сәу. мам. мау. шіл. там. қыр. қаз. қар. жел.".split(" "),
    narrow: "Қ А Н С М М Ш Т Қ Қ Қ Ж".split(" "),
};
const WEEKDAYS = {
    long: "жексенбі дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі".split(" "),
    short: "жс дс сс ср бс жм сб".split(" "),
    narrow: "Ж Д С С Б Ж С".split(" "),
};
// the period and how it is called in "… from now" and "… ago"
const PERIODS = {
    second: ["секундтан", "секунд"],
    minute: ["минуттан", "минут"],
    hour: ["сағаттан", "сағат"],
    day: ["күннен", "күн"],
    week: ["аптадан", "апта"],
    month: ["айдан", "ай"],
    quarter: ["тоқсаннан", "тоқсан"],
    year: ["жылдан", "жыл"],
};
const NEAR = {
    day: { "-1": "кеше", 0: "бүгін", 1: "ертең" },
    week: { "-1": "өткен апта", 0: "осы апта", 1: "келесі апта" },
    month: { "-1": "өткен ай", 0: "осы ай", 1: "келесі ай" },
    quarter: { "-1": "өткен тоқсан", 0: "осы тоқсан", 1: "келесі тоқсан" },
    year: { "-1": "былтыр", 0: "биыл", 1: "келесі жыл" },
};
const STYLES = { full: "long", long: "long", medium: "short" };

const isKazakh = (locales) => /^kk\b/i.test(String([locales].flat()[0] || ""));

/** A formatter of dates with Russian order and Kazakh words, in the shape of Intl's own. */
export function kazakhDateTimeFormat(Native, options = {}) {
    const formatter = new Native("ru", options);
    const zone = options.timeZone ? { timeZone: options.timeZone } : {};
    const month = new Native("en", { month: "numeric", ...zone });
    const weekday = new Native("en", { weekday: "short", ...zone });
    const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const style = (name) => options[name] || STYLES[options.dateStyle] || "short";
    const inKazakh = (part, date) => {
        if (part.type === "month" && !/^\d+$/.test(part.value)) {
            return { ...part, value: MONTHS[style("month")][month.format(date) - 1] };
        }
        if (part.type === "weekday") {
            return { ...part, value: WEEKDAYS[style("weekday")][days.indexOf(weekday.format(date))] };
        }
        return part.type === "literal" ? { ...part, value: part.value.replace("г.", "ж.") } : part;
    };
    const parts = formatter.formatToParts.bind(formatter);
    const resolved = formatter.resolvedOptions.bind(formatter);
    const formatToParts = (date) => parts(date).map((part) => inKazakh(part, date));
    return Object.defineProperties(formatter, {
        formatToParts: { value: formatToParts },
        format: { value: (date) => formatToParts(date).map((part) => part.value).join("") },
        resolvedOptions: { value: () => ({ ...resolved(), locale: "kk" }) },
    });
}

/** A formatter of periods from now, in the shape of Intl's own. */
export function kazakhRelativeTimeFormat(Native, options = {}) {
    const formatter = new Native("kk", options);
    const format = (value, unit) => {
        const period = unit.replace(/s$/, "");
        const near = options.numeric === "auto" && NEAR[period]?.[value];
        if (near) {
            return near;
        }
        const [fromNow, ago] = PERIODS[period];
        const past = value < 0 || Object.is(value, -0);
        return past ? `${Math.abs(value)} ${ago} бұрын` : `${value} ${fromNow} соң`;
    };
    return Object.defineProperties(formatter, {
        format: { value: format },
        formatToParts: { value: (value, unit) => [{ type: "literal", value: format(value, unit) }] },
    });
}

function teach(name, make) {
    const Native = Intl[name];
    Intl[name] = new Proxy(Native, {
        apply: (target, self, [locales, options]) =>
            isKazakh(locales) ? make(Native, options) : target.call(self, locales, options),
        construct: (target, [locales, options]) =>
            isKazakh(locales) ? make(Native, options) : new target(locales, options),
    });
}

if (/\d/.test(new Intl.DateTimeFormat("kk", { month: "long" }).format(new Date()))) {
    teach("DateTimeFormat", kazakhDateTimeFormat);
    teach("RelativeTimeFormat", kazakhRelativeTimeFormat);
}
