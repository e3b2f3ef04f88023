import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

/**
 * Client action: fetch a file that a controller makes, and save it. Sent by POST, so that neither the rows asked for
 * nor the words of a filter stand in an address; an error of the server is shown as a dialog.
 */
export async function downloadAction(env, action) {
    const { url, data } = action.params;
    env.services.ui.block();
    try {
        await download({
            url,
            data: { data: JSON.stringify(data), context: JSON.stringify(user.context) },
        });
    } finally {
        env.services.ui.unblock();
    }
}

registry.category("actions").add("vshu_registry.download", downloadAction);
