import { isRecord } from '../src/core/json';
import type { StudioBoot } from '../src/protocol/studio';
import { Announcer } from './controls/announcer';
import { connect } from './state/connection';
import { restoreForm } from './state/form';
import { StudioPage } from './page/studio-page';
import { restoreView, saveView } from './state/view';
import { setWords } from './words';

/** Changes are kept this long after the last one, in milliseconds, and at once when the page goes. */
const SAVE_DELAY = 300;

const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '{}') as StudioBoot;
setWords(boot.strings, boot.language);

const connection = connect();
const saved = isRecord(connection.saved) ? connection.saved : {};
const page = new StudioPage(connection, new Announcer(), boot, {
  form: restoreForm(saved.form),
  view: restoreView(saved.view),
  sketch: saved.sketch,
});
document.body.prepend(page.element);

let timer = 0;
function save(): void {
  clearTimeout(timer);
  const { jobs } = page.state.value;
  const idsOf = (job: number) => jobs.find(({ id }) => id === job)?.pictures ?? [];
  connection.save({
    form: page.form.value,
    view: saveView(page.view.value, idsOf),
    sketch: page.sketch.document.save(),
  });
}
const saveSoon = () => {
  clearTimeout(timer);
  timer = window.setTimeout(save, SAVE_DELAY);
};
page.form.watch(saveSoon);
page.view.watch(saveSoon);
page.sketch.document.watch(saveSoon);
window.addEventListener('pagehide', save);

// Answers only when the panel is gone; a page that outlives its panel has nobody to tell.
connection.host
  .call('connect', null, { onEvent: (event) => page.receive(event) })
  .catch(() => undefined);
