import { patch } from "@web/core/utils/patch";
import { ActionHelper } from "@web/views/action_helper";

const GROUPINGS = ["groupBy", "dateGroupBy"];

/**
 * An empty list says what its action says of it: “Everybody has been told”. That holds for the list as it opens. Once
 * somebody has typed words or chosen another filter, all that can be said is that nothing was found.
 */
patch(ActionHelper.prototype, {
    get nothingFound() {
        const search = this.env.searchModel;
        if (!search || !(search.resModel.startsWith("vshu.") || search.globalContext.default_vshu_is_student)) {
            return false;
        }
        return search.query.some(({ searchItemId }) => {
            const item = search.searchItems[searchItemId];
            return !item.isDefault && !GROUPINGS.includes(item.type);
        });
    },
});
