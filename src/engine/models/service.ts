import { CATALOGUE } from '../../core/catalogue/catalogue';
import { recommend } from '../../core/catalogue/recommendations';
import { parseRepositoryId, splitRepositoryFile } from '../../core/repository-id';
import type { Handlers } from '../../protocol/peer';
import type { StoreMethods } from '../../protocol/store';
import { memoryLimit } from '../runtime/memory';
import { download, planDownload } from '../store/download/download';
import { listModels } from './list';
import {
  cleanAllLeftovers,
  findAllLeftovers,
  listPrepared,
  planWholeRemoval,
  removePrepared,
  removeWholeModel,
} from './prepared';
import { hubCacheFolder } from '../store/hub-cache';
import { cleanLeftovers } from '../store/remove';
import { installSupport, planSupport, removeSupport, supportOf } from '../support/install';
import { listUpscalers } from './upscalers';
import { verifyModel } from './verify';

/** What the store process answers. */
export const storeHandlers: Handlers<StoreMethods> = {
  list: ({ paths, loraPaths }) => listModels(process.env, paths, loraPaths),
  upscalers: ({ paths }) => listUpscalers(process.env, paths),
  cacheFolder: () => Promise.resolve(hubCacheFolder()),
  catalogue: () => Promise.resolve(CATALOGUE),
  recommend: (drawn) => Promise.resolve(recommend({ ...drawn, memoryBytes: memoryLimit() })),
  plan: (params, { signal }) => planDownload(params, { signal, emit: () => undefined }),
  download: (params, { signal, emit }) => download(params, { signal, emit }),
  discard: ({ id }) => {
    const { repository } = splitRepositoryFile(id) ?? { repository: id };
    return cleanLeftovers(process.env, parseRepositoryId(repository).repoId);
  },
  verify: ({ id, repair = false }, { signal, emit }) => verifyModel(id, repair, { signal, emit }),
  removal: ({ id }) => planWholeRemoval(id),
  remove: ({ id }) => removeWholeModel(id),
  prepared: () => listPrepared(),
  removePrepared: ({ model }) => removePrepared(model),
  supportPlan: ({ device }) => planSupport(supportOf(device)),
  installSupport: ({ device }, { signal, emit }) =>
    installSupport(supportOf(device), { signal, emit }),
  removeSupport: ({ device }) => removeSupport(device),
  leftovers: () => findAllLeftovers(),
  clean: () => cleanAllLeftovers(),
};
