import * as vscode from 'vscode';
import { hostOf, isLoopback } from '../../core/endpoints/endpoint';
import { oneLine } from '../../core/shown-text';
import type { EndpointState } from '../endpoints/endpoint-models';
import { endpointFailure } from '../endpoints/endpoint-words';
import { manageEndpoints } from '../endpoints/manage-endpoints';
import type { HostServices } from '../services';

/** An entry of *Choose Model*. */
export interface ModelItem extends vscode.QuickPickItem {
  readonly choose?: () => Promise<void>;
}

/** Models of one endpoint that are listed; a service can have thousands. */
const MOST_MODELS = 200;

/** The models of all endpoints as they are known now, each endpoint with its host. */
export function endpointItems(services: HostServices): ModelItem[] {
  return services.endpointModels.all.flatMap((state) => [
    { label: groupOf(state), kind: vscode.QuickPickItemKind.Separator },
    ...itemsOf(services, state),
  ]);
}

function groupOf({ endpoint }: EndpointState): string {
  const host = oneLine(hostOf(endpoint), 200);
  return isLoopback(endpoint)
    ? vscode.l10n.t('{0}, on this computer', endpoint.name)
    : vscode.l10n.t('{0}, on {1}', endpoint.name, host);
}

function itemsOf(services: HostServices, state: EndpointState): ModelItem[] {
  const { t } = vscode.l10n;
  const { endpoint, models, isAsking, report, trouble } = state;
  const host = oneLine(hostOf(endpoint), 200);
  if (trouble && !isAsking) {
    return [
      {
        label: `$(warning) ${endpoint.name}`,
        description: t('does not answer · {0}', host),
        detail: oneLine(endpointFailure(trouble) ?? trouble.message, 300),
        choose: async () => {
          await manageEndpoints(services, { endpoint: endpoint.name, action: 'test' });
        },
      },
    ];
  }
  const current = services.settings.read().model;
  const items = models.slice(0, MOST_MODELS).map((id) => {
    const model = id.slice(0, id.lastIndexOf('@'));
    const name = model === '' ? t('The server’s own model') : oneLine(model, 200);
    return {
      label: `${id === current ? '$(check) ' : ''}${name}`,
      description: isAsking && !report ? t('{0} · asking…', host) : host,
      choose: () => services.settings.update('model', id),
    };
  });
  const left = models.length - MOST_MODELS;
  return left > 0
    ? [...items, { label: t('and {0} more: set easel.model to MODEL@{1}', left, endpoint.name) }]
    : items;
}
