import type { Service } from '../../client/engine';
import type { ListedEndpoint } from '../../core/agent/model-list';
import { endpointModels, hostOf, mayUse, type Endpoint } from '../../core/endpoints/endpoint';
import { REPORT_MS, type EndpointMethods } from '../../protocol/endpoints';
import { keyOf } from '../endpoints/access';

type EndpointsService = Service<EndpointMethods>;

/**
 * The endpoints that agents may use: those that the user has agreed to, with the models that they tell now. One
 * that does not answer has its own model alone.
 * @param only the name of the one that is wanted; the others are not asked. Absent: all
 */
export async function agreedEndpoints(
  service: EndpointsService,
  only?: string,
): Promise<ListedEndpoint[]> {
  const known = await service.call('list', null);
  const endpoints = known.filter(
    (endpoint) => mayUse(endpoint) && (only === undefined || endpoint.name === only),
  );
  return Promise.all(
    endpoints.map(async (endpoint) => ({
      host: hostOf(endpoint),
      models: endpointModels(endpoint, await toldModels(service, endpoint)),
    })),
  );
}

async function toldModels(
  service: EndpointsService,
  endpoint: Endpoint,
): Promise<readonly string[]> {
  try {
    const key = await keyOf(endpoint);
    const signal = AbortSignal.timeout(REPORT_MS);
    return (await service.call('test', { name: endpoint.name, key }, { signal })).models;
  } catch {
    // A drawing there says why.
    return [];
  }
}
