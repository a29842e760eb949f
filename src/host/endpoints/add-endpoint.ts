import * as vscode from 'vscode';
import {
  hostOf,
  isLoopback,
  parseEndpoint,
  PROTOCOL_LABELS,
  type ProtocolName,
} from '../../core/endpoints/endpoint';
import { toEaselError, type EaselError } from '../../core/errors';
import { abortSignalOf } from '../cancellation';
import type { EndpointInput, EndpointLook, FoundServer } from '../../protocol/endpoints';
import { noticeText } from '../safe-text';
import type { HostServices } from '../services';
import { showBox } from '../show-box';
import { endpointFailure, protocolLabel } from './endpoint-words';
import { chooseRemoteModel } from './remote-model';

/** What is typed so far. It stays when something fails. */
interface Draft {
  readonly url: string;
  readonly protocol: ProtocolName | 'auto';
  readonly name?: string;
  readonly key?: string;
}

/** Services that everybody can use, at their one address. */
const SERVICES = [
  { protocol: 'huggingface', name: 'huggingface', url: 'https://router.huggingface.co' },
  { protocol: 'openai', name: 'openai', url: 'https://api.openai.com' },
  { protocol: 'replicate', name: 'replicate', url: 'https://api.replicate.com' },
] as const;

const SERVICE_LABELS = {
  huggingface: 'Hugging Face Inference Providers',
  openai: 'OpenAI',
  replicate: 'Replicate',
} as const;

/** Kinds of servers that can be taken where a server does not say its own. */
const ASKABLE = ['a1111', 'comfyui', 'openai', 'sdcpp'] as const satisfies readonly ProtocolName[];

/**
 * *Easel: Add Endpoint*: a server of this machine that was found, any other address, or a service; then its name
 * and key. The server is asked before it is kept, and a failure leads back to what was typed.
 */
export async function addEndpoint(services: HostServices): Promise<void> {
  let draft = await chooseServer(services);
  while (draft) {
    const named = await askRest(services, draft);
    if (!named) return;
    draft = named;
    const looked = await look(services, named);
    if (looked === 'again') continue;
    if (looked) await keep(services, named, looked);
    return;
  }
}

interface ServerItem extends vscode.QuickPickItem {
  readonly draft?: Draft;
}

/** Lists the servers that answer on this machine while it looks for them, with all other ways below. */
function chooseServer({ endpoints, log }: HostServices): Promise<Draft | undefined> {
  const { t } = vscode.l10n;
  const box = vscode.window.createQuickPick<ServerItem>();
  box.title = t('Add Endpoint');
  box.placeholder = t('Which server should draw?');
  box.matchOnDescription = true;
  box.busy = true;
  const separator = (label: string): ServerItem => ({
    label,
    kind: vscode.QuickPickItemKind.Separator,
  });
  const others: ServerItem[] = [
    separator(t('another machine')),
    {
      label: `$(globe) ${t('Another address…')}`,
      detail: t('ComfyUI, A1111, Forge, easel serve and others, in your network or elsewhere'),
      alwaysShow: true,
      draft: { url: '', protocol: 'auto' },
    },
    separator(t('services that may cost money')),
    ...SERVICES.map(({ protocol, name, url }) => ({
      label: `$(cloud) ${SERVICE_LABELS[name]}`,
      description: hostOf({ url }),
      draft: { url, protocol, name },
    })),
  ];
  const show = (found: readonly FoundServer[] | undefined) => {
    const text = found ? t('No server was found on this computer.') : t('Looking for servers…');
    box.items = [
      separator(t('on this computer')),
      ...(found && found.length > 0
        ? found.map(foundItem)
        : [{ label: `$(${found ? 'info' : 'search'}) ${text}` }]),
      ...others,
    ];
    const [first] = box.items.filter(({ draft }) => draft);
    if (first) box.activeItems = [first];
  };
  const stop = new AbortController();
  return new Promise((resolve) => {
    box.onDidAccept(() => {
      const draft = box.activeItems[0]?.draft;
      if (!draft) return;
      resolve(draft);
      box.hide();
    });
    show(undefined);
    showBox(box, () => {
      stop.abort();
      resolve(undefined);
      box.dispose();
    });
    void endpoints
      .discover(stop.signal)
      .then(show, (thrown: unknown) => {
        if (stop.signal.aborted) return;
        log.warn(toEaselError(thrown).message);
        show([]);
      })
      .then(() => (box.busy = false));
  });
}

function foundItem({ url, protocol }: FoundServer): ServerItem {
  return {
    label: `$(server) ${protocolLabel(protocol)}`,
    description: hostOf({ url }),
    draft: { url, protocol },
  };
}

/** The address where it is not known, the name and the key. @returns undefined where the user cancels */
async function askRest({ endpoints }: HostServices, draft: Draft): Promise<Draft | undefined> {
  const { t } = vscode.l10n;
  const isService = SERVICES.some(({ url }) => url === draft.url);
  const steps = draft.url === '' || draft.protocol === 'auto' ? 3 : 2;
  const title = (step: number) => `${t('Add Endpoint')} (${step}/${steps})`;
  const url =
    steps === 2
      ? draft.url
      : await vscode.window.showInputBox({
          title: title(1),
          value: draft.url,
          prompt: t('The address of the server'),
          placeHolder: 'http://192.168.1.20:8188',
          ignoreFocusOut: true,
          validateInput: (value) => problemOf({ url: wholeAddress(value) }),
        });
  if (url === undefined) return undefined;
  const address = wholeAddress(url);
  const taken = new Set(endpoints.known.map(({ name }) => name));
  const name = await vscode.window.showInputBox({
    title: title(steps - 1),
    value: draft.name && !taken.has(draft.name) ? draft.name : freeName(draft, address, taken),
    prompt: t('A short name. Its models are then called MODEL@NAME.'),
    ignoreFocusOut: true,
    validateInput: (value) => {
      if (taken.has(value.trim())) return t('There is an endpoint of this name already.');
      return problemOf({ url: address, name: value.trim() });
    },
  });
  if (name === undefined) return undefined;
  const key = await askKey(title(steps), { url: address, isNeeded: isService, value: draft.key });
  if (key === undefined) return undefined;
  return { ...draft, url: address, name: name.trim(), key };
}

interface AskedKey {
  readonly url: string;
  readonly isNeeded: boolean;
  readonly value?: string | undefined;
}

/** Asks for a key; empty for none. @returns undefined where the user cancels */
export function askKey(
  title: string,
  { url, isNeeded, value = '' }: AskedKey,
): Thenable<string | undefined> {
  const { t } = vscode.l10n;
  const isOpen = url.startsWith('http:') && !isLoopback({ url });
  const where = t('It is kept in the secret storage of this computer.');
  const empty = isNeeded ? '' : t('Leave it empty if the server asks for none.');
  const open = isOpen
    ? t('The address is not encrypted: others in the network can read a key.')
    : '';
  return vscode.window
    .showInputBox({
      title,
      value,
      password: true,
      prompt: [t('The key for {0}.', hostOf({ url })), where, empty, open]
        .filter(Boolean)
        .join(' '),
      ignoreFocusOut: true,
      validateInput: (typed) =>
        /\s/.test(typed.trim()) ? t('A key must not contain spaces.') : undefined,
    })
    .then((typed) => typed?.trim());
}

/** Asks the server. @returns `again` to go back to what was typed; undefined where the user gives up */
async function look(
  { endpoints, log }: HostServices,
  { url, protocol, name = '', key = '' }: Draft,
): Promise<EndpointLook | 'again' | undefined> {
  const { t } = vscode.l10n;
  let asked: EndpointInput = { name, url, protocol };
  for (;;) {
    try {
      return await vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: t('Asking {0}', hostOf({ url })),
          cancellable: true,
        },
        (_progress, token) => endpoints.look(asked, key || undefined, abortSignalOf(token)),
      );
    } catch (thrown) {
      const error = toEaselError(thrown);
      if (error.code === 'cancelled') return 'again';
      log.warn(`${error.code}: ${error.message}`);
      const change = t('Change What You Typed');
      const retry = t('Try Again');
      const kind = t('Choose Its Kind…');
      const speaksNone = error.code === 'endpoint-failed' && asked.protocol === 'auto';
      const answer = await vscode.window.showErrorMessage(
        noticeText(speaksNone ? unknownKind(url) : lookFailure(error)),
        change,
        ...(speaksNone ? [kind] : [retry]),
      );
      if (answer === change) return 'again';
      if (answer === undefined) return undefined;
      if (answer === kind) {
        const chosen = await chooseKind();
        if (!chosen) return 'again';
        asked = { ...asked, protocol: chosen };
      }
    }
  }
}

function lookFailure(error: EaselError): string {
  return endpointFailure(error) ?? error.message;
}

function unknownKind(url: string): string {
  return vscode.l10n.t(
    '{0} answers, but not as a server that Easel knows. Check the address and the port, or say which kind it is.',
    hostOf({ url }),
  );
}

async function chooseKind(): Promise<ProtocolName | undefined> {
  const picked = await vscode.window.showQuickPick(
    ASKABLE.map((protocol) => ({ label: PROTOCOL_LABELS[protocol], protocol })),
    { title: vscode.l10n.t('Which kind of server is it?') },
  );
  return picked?.protocol;
}

/** Asks which of its models draws, keeps the endpoint, and offers to draw with it. */
async function keep(
  services: HostServices,
  { key = '' }: Draft,
  { endpoint, report }: EndpointLook,
): Promise<void> {
  const { t } = vscode.l10n;
  const { endpoints, endpointModels, settings } = services;
  const model = await chooseRemoteModel(endpoint, report);
  if (model === undefined) return;
  const added = await endpoints.add(
    { ...endpoint, ...(model !== '' && { model }) },
    key || undefined,
  );
  endpointModels.note(added, report);
  const id = `${model}@${added.name}`;
  const use = t('Draw with It');
  const host = hostOf(added);
  const text = isLoopback(added)
    ? t('{0} is added: {1} at {2}.', added.name, protocolLabel(added.protocol), host)
    : t(
        '{0} is added: {1} at {2}. You are asked before the first prompt is sent there.',
        ...[added.name, protocolLabel(added.protocol), host],
      );
  void vscode.window.showInformationMessage(text, use).then(async (answer) => {
    if (answer === use) await settings.update('model', id);
  });
}

/** What is wrong with an address or a name; undefined where nothing is. */
function problemOf(part: { readonly url: string; readonly name?: string }): string | undefined {
  const { t } = vscode.l10n;
  try {
    parseEndpoint({ name: 'server', protocol: 'openai', ...part });
    return undefined;
  } catch (thrown) {
    const { field } = toEaselError(thrown).data;
    return field === 'name'
      ? t(
          'Use 1 to 40 small letters, digits and hyphens, such as work-gpu. main is the name of a branch.',
        )
      : t('Enter an address such as http://192.168.1.20:8188, without a user or password in it.');
  }
}

/** An address as people type it, with its scheme. */
function wholeAddress(typed: string): string {
  const address = typed.trim();
  return address === '' || /^[a-z]+:\/\//i.test(address) ? address : `http://${address}`;
}

/** A name that no endpoint has: of the kind of a server here, or of the other machine. */
function freeName({ protocol }: Draft, url: string, taken: ReadonlySet<string>): string {
  const host = hostOf({ url }).replace(/:\d+$/, '');
  const isName = !isLoopback({ url }) && !/^[\d.]+$|^\[/.test(host);
  const first = host.split('.').find((part) => part !== 'www' && part !== 'api') ?? '';
  const kind = protocol === 'auto' ? 'server' : protocol;
  const stem = (isName ? first : kind).replace(/[^a-z0-9-]/g, '-').replace(/^-+/, '');
  const base = (stem || 'server').slice(0, 36);
  for (let k = 1; ; k++) {
    const name = k === 1 ? base : `${base}-${k}`;
    if (!taken.has(name) && !problemOf({ url, name })) return name;
  }
}
