import type { EngineService } from './engine-service';

/** What other extensions get from `vscode.extensions.getExtension('easel.easel').activate()`. */
export interface EaselApi {
  /** Draws, lists models and devices, and tells what is being drawn. */
  readonly engine: Pick<
    EngineService,
    'generate' | 'models' | 'devices' | 'jobs' | 'onDidChangeJobs' | 'cancelAll'
  >;
}
