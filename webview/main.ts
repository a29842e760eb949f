import type { StudioBoot } from '../src/protocol/studio';
import { Announcer } from './controls/announcer';
import { setLanguage } from './l10n';
import { PageState } from './page/page-state';
import { StudioPage } from './page/studio-page';
import { connect, HostCalls } from './state/host';

/** Milliseconds between the last change and its saving. A page that is closed saves at once. */
const SAVE_DELAY_MS = 300;

const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '{}') as StudioBoot;
setLanguage(boot.strings, boot.language);

const connection = connect();
const state = new PageState(connection.saved);
const calls = new HostCalls(connection.host, new Announcer());
const page = new StudioPage(state, calls, boot.examples);
document.body.prepend(page.element);

let timer = 0;
function save(): void {
  clearTimeout(timer);
  connection.save(state.save());
}
state.onEdit(() => {
  clearTimeout(timer);
  timer = window.setTimeout(save, SAVE_DELAY_MS);
});
window.addEventListener('pagehide', save);

// The host answers when the panel is closed. Then there is nothing left to do, errors included.
connection.host
  .call('connect', null, { onEvent: (event) => page.receive(event) })
  .catch(() => undefined);
