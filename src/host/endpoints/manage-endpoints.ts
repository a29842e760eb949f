import * as vscode from 'vscode';
import {
  findEndpoint,
  hostOf,
  mayUse,
  splitEndpointModel,
  type Endpoint,
} from '../../core/endpoints/endpoint';
import { REQUEST_FIELDS, type FieldName } from '../../core/request/fields';
import { oneLine } from '../../core/shown-text';
import { abortSignalOf } from '../cancellation';
import type { EndpointReport } from '../../protocol/endpoints';
import type { HostServices } from '../services';
import { addEndpoint, askKey } from './add-endpoint';
import { protocolLabel } from './endpoint-words';

const ACTIONS = ['test', 'key', 'remove'] as const;
export type EndpointAction = (typeof ACTIONS)[number];

interface EndpointItem extends vscode.QuickPickItem {
  readonly run?: () => Promise<unknown>;
}

/**
 * *Easel: Manage Endpoints*: lists them, tests one, sets its key, or removes it.
 * @param target what a button names: `{ endpoint, action }`; anything else is ignored
 * @returns for the action `key`: whether a key was set
 */
export async function manageEndpoints(services: HostServices, target: unknown): Promise<unknown> {
  const { t } = vscode.l10n;
  const endpoints = await services.endpoints.list();
  const asked = readTarget(target);
  if (asked) {
    return RUN[asked.action](services, findEndpoint(endpoints, asked.endpoint));
  }
  const items: EndpointItem[] = endpoints.map((endpoint) => ({
    label: `$(server) ${endpoint.name}`,
    description: oneLine(hostOf(endpoint), 200),
    detail: [
      protocolLabel(endpoint.protocol),
      oneLine(endpoint.model ?? '', 100),
      mayUse(endpoint) ? '' : t('you have not agreed yet to send anything there'),
    ]
      .filter(Boolean)
      .join(' · '),
    run: () => manage(services, endpoint),
  }));
  const picked = await vscode.window.showQuickPick<EndpointItem>(
    [
      ...items,
      ...(items.length > 0 ? [{ label: '', kind: vscode.QuickPickItemKind.Separator }] : []),
      { label: `$(add) ${t('Add Endpoint')}`, alwaysShow: true, run: () => addEndpoint(services) },
    ],
    {
      title: t('Manage Endpoints'),
      placeHolder:
        items.length > 0 ? t('Servers elsewhere that draw') : t('There is no endpoint yet'),
      matchOnDescription: true,
    },
  );
  await picked?.run?.();
  return undefined;
}

async function manage(services: HostServices, endpoint: Endpoint): Promise<void> {
  const { t } = vscode.l10n;
  const items: EndpointItem[] = [
    {
      label: `$(pulse) ${t('Test')}`,
      detail: t('Shows its models and what it can do'),
      run: () => test(services, endpoint),
    },
    {
      label: `$(key) ${t('Set Key')}`,
      detail: t('Keeps another key in the secret storage, or forgets it'),
      run: () => setKey(services, endpoint),
    },
    { label: `$(trash) ${t('Remove')}`, run: () => remove(services, endpoint) },
  ];
  const picked = await vscode.window.showQuickPick<EndpointItem>(items, {
    title: `${endpoint.name} · ${oneLine(hostOf(endpoint), 200)}`,
  });
  await picked?.run?.();
}

const RUN: Readonly<
  Record<EndpointAction, (services: HostServices, endpoint: Endpoint) => Promise<unknown>>
> = { test, key: setKey, remove };

/** Asks the server, and shows its models, which can be chosen, and what it takes of a request. */
async function test(services: HostServices, endpoint: Endpoint): Promise<void> {
  const { t } = vscode.l10n;
  const { endpoints, endpointModels, settings } = services;
  const report = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: t('Asking {0}', oneLine(hostOf(endpoint), 200)),
      cancellable: true,
    },
    (_progress, token) => endpoints.test(endpoint, { signal: abortSignalOf(token) }),
  );
  endpointModels.note(endpoint, report);
  const choose = (model: string): EndpointItem => ({
    label: model === '' ? t('The server’s own model') : oneLine(model, 200),
    run: () => settings.update('model', `${model}@${endpoint.name}`),
  });
  const picked = await vscode.window.showQuickPick<EndpointItem>(
    [
      { label: t('it works'), kind: vscode.QuickPickItemKind.Separator },
      { label: `$(pass) ${describeAbilities(report)}`, detail: takes(report) },
      { label: t('models'), kind: vscode.QuickPickItemKind.Separator },
      ...(report.models.length > 0 ? report.models : [endpoint.model ?? '']).map(choose),
    ],
    {
      title: `${endpoint.name} · ${oneLine(hostOf(endpoint), 200)}`,
      placeHolder: t('Choose a model to draw with it'),
      matchOnDetail: true,
    },
  );
  await picked?.run?.();
}

function describeAbilities({ abilities }: EndpointReport): string {
  const { t } = vscode.l10n;
  return [
    abilities.progress ? t('tells its progress') : t('does not tell its progress'),
    ...(abilities.previews ? [t('sends previews')] : []),
    abilities.cancels ? t('stops when you cancel') : t('goes on after you cancel'),
  ].join(', ');
}

/** What of a form it takes, and what not. */
function takes({ abilities: { fields } }: EndpointReport): string {
  const { t } = vscode.l10n;
  const names: readonly (readonly [FieldName, string])[] = [
    ['negativePrompt', t('negative prompt')],
    ['seed', t('seed')],
    ['steps', t('steps')],
    ['guidanceScale', t('guidance')],
    ['scheduler', t('scheduler')],
    ['width', t('size')],
    ['initImage', t('sketch')],
    ['mask', t('mask')],
    ['loras', t('LoRA')],
  ];
  const listed = (isTaken: boolean) =>
    names.flatMap(([field, label]) => (fields.includes(field) === isTaken ? label : []));
  const [taken, not] = [listed(true), listed(false)];
  return [
    taken.length > 0 ? t('takes {0}', taken.join(', ')) : '',
    not.length > 0 ? t('does not take {0}', not.join(', ')) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

async function setKey(
  { endpoints, endpointModels }: HostServices,
  endpoint: Endpoint,
): Promise<boolean> {
  const { t } = vscode.l10n;
  const { name, url } = endpoint;
  const key = await askKey(t('Key of {0}', name), { url, isNeeded: false });
  if (key === undefined) return false;
  await endpoints.setKey(endpoint, key || undefined);
  endpointModels.forget(endpoint);
  void vscode.window.setStatusBarMessage(
    key ? t('The key of {0} is kept.', name) : t('{0} has no key now.', name),
    5000,
  );
  return true;
}

async function remove({ endpoints, settings }: HostServices, endpoint: Endpoint): Promise<void> {
  const { t } = vscode.l10n;
  const { name } = endpoint;
  const yes = t('Remove');
  const answer = await vscode.window.showWarningMessage(
    t('Remove the endpoint {0}?', name),
    { modal: true, detail: t('Its address and its key are forgotten.') },
    yes,
  );
  if (answer !== yes) return;
  await endpoints.remove(endpoint);
  if (splitEndpointModel(settings.read().model)?.endpoint === name) {
    await settings.update('model', REQUEST_FIELDS.model.default);
  }
}

function readTarget(
  target: unknown,
): { readonly endpoint: string; readonly action: EndpointAction } | undefined {
  const { endpoint, action } = (target ?? {}) as Record<string, unknown>;
  const known = ACTIONS.find((one) => one === action);
  return typeof endpoint === 'string' && known ? { endpoint, action: known } : undefined;
}
