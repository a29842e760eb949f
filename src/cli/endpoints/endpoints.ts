import { readFile } from 'node:fs/promises';
import type { Service } from '../../client/engine';
import {
  findEndpoint,
  hostOf,
  mayUse,
  PROTOCOL_LABELS,
  type Endpoint,
} from '../../core/endpoints/endpoint';
import { EaselError } from '../../core/errors';
import { isRecord } from '../../core/json';
import { requestField } from '../../core/request/fields';
import { oneLine } from '../../core/shown-text';
import { describeSystemError } from '../../core/system-error';
import type { EndpointInput, EndpointMethods, EndpointReport } from '../../protocol/endpoints';
import { confirm } from '../confirm';
import { printTable } from '../lists';
import { printJson, stderr, stdout } from '../streams';
import { consentQuestion, keyOf } from './access';
import type { EndpointsCommand } from './arguments';
import { askKey } from './ask-key';
import { keyFromEnvironment, keyVariable } from './key-variable';
import { forgetKey, keepKey } from './keyring';

type EndpointsService = Service<EndpointMethods>;
type Add = Extract<EndpointsCommand, { action: 'add' }>;
type OfOne = Extract<EndpointsCommand, { action: 'test' | 'agree' | 'remove' }>;

/**
 * Runs a command of `easel endpoints`.
 * @throws EaselError
 */
export async function endpoints(
  service: EndpointsService,
  command: EndpointsCommand,
  signal: AbortSignal,
): Promise<void> {
  switch (command.action) {
    case 'list':
      printEndpoints(await service.call('list', null, { signal }), command.json);
      return;
    case 'add':
      await add(service, command, signal);
      return;
    case 'key':
      await changeKey(service, command);
      return;
    case 'test':
      await test(service, command, signal);
      return;
    case 'agree':
      await agree(service, command);
      return;
    case 'remove':
      await remove(service, command);
  }
}

async function add(service: EndpointsService, command: Add, signal: AbortSignal): Promise<void> {
  const { name, url, protocol, model, provider, template, graph, json, yes } = command;
  const endpoint: EndpointInput = {
    ...{ name, url, protocol },
    ...(model !== undefined && { model }),
    ...(provider !== undefined && { provider }),
    ...(template !== undefined && { template: (await readJson(template)) as Endpoint['template'] }),
    ...(graph !== undefined && { graph: await readJson(graph) }),
  };
  const typed = command.key ? await askKey(name) : undefined;
  const key = typed ?? keyFromEnvironment(endpoint);
  const added = await service.call('add', { endpoint, key }, { signal });
  if (typed !== undefined) {
    try {
      await keepKey(endpoint, typed);
    } catch (thrown) {
      await service.call('remove', { name });
      throw thrown;
    }
    await service.call('noteKey', { name, isKept: true });
  }
  if (yes && !mayUse(added)) await service.call('agree', { name });
  if (json) {
    printJson({ event: 'added', ...shown(added), agreed: yes || mayUse(added) });
    return;
  }
  stdout.write(`${name} is added: ${PROTOCOL_LABELS[added.protocol]} at ${hostOf(added)}.\n`);
  if (!yes && !mayUse(added))
    stdout.write(`  To agree to its use: easel endpoints agree ${name}\n`);
  if (key === undefined) {
    stdout.write(
      `  Its key, if it wants one: easel endpoints key ${name}, or the variable ${keyVariable(name)}\n`,
    );
  }
  stdout.write(`  To try it: easel endpoints test ${name}\n`);
}

/** @throws EaselError `bad-request` for a file that is not a JSON object */
async function readJson(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw new EaselError(
      'bad-request',
      `${oneLine(file)} cannot be read: ${describeSystemError(thrown)}.`,
    );
  });
  try {
    const json: unknown = JSON.parse(text);
    if (isRecord(json)) return json;
  } catch {
    // The same error.
  }
  throw new EaselError('bad-request', `${oneLine(file)} is not a JSON object.`);
}

async function test(
  service: EndpointsService,
  { name, json }: OfOne,
  signal: AbortSignal,
): Promise<void> {
  const endpoint = await find(service, name);
  const key = await keyOf(endpoint);
  const report = await service.call('test', { name, key }, { signal });
  if (json) printJson({ ...shown(endpoint), ...report });
  else stdout.write(describeReport(endpoint, report));
}

async function changeKey(
  service: EndpointsService,
  { name, json, delete: isForgotten }: Extract<EndpointsCommand, { action: 'key' }>,
): Promise<void> {
  const endpoint = await find(service, name);
  if (isForgotten) await forgetKey(endpoint);
  else await keepKey(endpoint, await askKey(name));
  await service.call('noteKey', { name, isKept: !isForgotten });
  const event = isForgotten ? 'key-deleted' : 'key-kept';
  if (json) printJson({ event, ...shown(endpoint) });
  else
    stdout.write(
      isForgotten
        ? `The key of ${name} is deleted.\n`
        : `The key of ${name} is kept in the keyring.\n`,
    );
}

async function agree(service: EndpointsService, { name, json, yes }: OfOne): Promise<void> {
  const endpoint = await find(service, name);
  if (!yes) await confirm(consentQuestion(endpoint));
  await service.call('agree', { name });
  if (json) printJson({ event: 'agreed', ...shown(endpoint) });
  else stdout.write(`Agreed: ${name} may be sent prompts and images.\n`);
}

async function remove(service: EndpointsService, { name, json, yes }: OfOne): Promise<void> {
  const endpoint = await find(service, name);
  if (!yes && process.stdin.isTTY) await confirm(`Forget the endpoint ${name}?`);
  if (endpoint.hasKeptKey === true) await forgetKey(endpoint);
  await service.call('remove', { name });
  if (json) printJson({ event: 'removed', ...shown(endpoint) });
  else stdout.write(`${name} is removed.\n`);
}

/** @throws EaselError `endpoint-not-found` */
async function find(service: EndpointsService, name: string): Promise<Endpoint> {
  return findEndpoint(await service.call('list', null), name);
}

function printEndpoints(list: readonly Endpoint[], json: boolean): void {
  if (json) {
    printJson(list.map((endpoint) => ({ ...shown(endpoint), agreed: mayUse(endpoint) })));
    return;
  }
  if (list.length === 0) {
    stderr.write('There is no endpoint yet. To add one: easel endpoints add NAME URL\n');
    return;
  }
  printTable(
    list.map((endpoint) => [
      endpoint.name,
      PROTOCOL_LABELS[endpoint.protocol],
      oneLine(endpoint.url, 200),
      oneLine(endpoint.model ?? '', 100),
      mayUse(endpoint) ? '' : 'not agreed to yet',
    ]),
  );
}

/** What lists show of an endpoint: no template, whose headers may hold a secret. */
function shown({ name, url, protocol, model }: Endpoint) {
  return { name, url, protocol, ...(model !== undefined && { model }), host: hostOf({ url }) };
}

function describeReport(endpoint: Endpoint, { models, abilities }: EndpointReport): string {
  const { fields, progress, previews, cancels } = abilities;
  const options = fields.flatMap((field) => {
    const { option } = requestField(field);
    return option ? `--${option.name}` : [];
  });
  const does = [
    progress ? 'tells its progress' : 'does not tell its progress',
    ...(previews ? ['sends previews'] : []),
    cancels ? 'cancels' : 'goes on after a cancel',
  ];
  const lines = [
    `${endpoint.name}: ${PROTOCOL_LABELS[endpoint.protocol]} at ${hostOf(endpoint)}. It ${does.join(', ')}.`,
    `It takes: ${options.join(' ')}`,
    models.length > 0 ? 'Models:' : 'It lists no models.',
    ...models.map((model) => `  ${oneLine(model, 200)}@${endpoint.name}`),
  ];
  return `${lines.join('\n')}\n`;
}
