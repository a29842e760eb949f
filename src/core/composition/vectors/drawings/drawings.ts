import type { Drawing } from './drawing';
import * as places from './places';
import * as screens from './screens';
import * as states from './states';
import * as travel from './travel';
import * as work from './work';

const { bakery, bridge, cabin, lighthouse, palm, shop, tent, windmill } = places;
const { balloon, bicycle, sailboat, street } = travel;
const { desk, handshake, team } = work;
const { browser, login, dashboard } = screens;
const { unplugged, welcome, success } = states;

/** Our own drawings by name. */
export const DRAWINGS: ReadonlyMap<string, Drawing> = new Map<string, Drawing>([
  ['lighthouse', lighthouse],
  ['windmill', windmill],
  ['cabin', cabin],
  ['bakery', bakery],
  ['shop-front', shop],
  ['bridge', bridge],
  ['tent', tent],
  ['palm-tree', palm],
  ['bicycle', bicycle],
  ['sail-boat', sailboat],
  ['hot-air-balloon', balloon],
  ['street', street],
  ['browser-window', browser],
  ['phone-mockup', screens.phone],
  ['dashboard', dashboard],
  ['bar-chart', screens.barChart],
  ['line-chart', screens.lineChart],
  ['pie-chart', screens.pieChart],
  ['donut-chart', screens.donutChart],
  ['code-editor', screens.codeEditor],
  ['login-form', login],
  ['chat-conversation', screens.chat],
  ['cloud-upload', states.cloudUpload],
  ['cloud-download', states.cloudDownload],
  ['map-with-pin', states.mapWithPin],
  ['empty-state', states.emptyState],
  ['no-results', states.noResults],
  ['broken-page', states.notFound],
  ['unplugged', unplugged],
  ['welcome', welcome],
  ['success', success],
  ['desk', desk],
  ['handshake', handshake],
  ['team', team],
]);
