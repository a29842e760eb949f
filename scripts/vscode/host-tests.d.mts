export interface HostTestOptions {
  readonly vsix: string;
  readonly suites: readonly string[];
  readonly workspace: string;
  readonly folder: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeout?: number;
}

export interface HostTestResult {
  readonly tests: readonly { readonly title: string; readonly error?: string }[];
  /** What the suites measured. */
  readonly measured: Readonly<Record<string, number>>;
}

export function runHostTests(options: HostTestOptions): Promise<HostTestResult>;
