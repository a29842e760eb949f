import type { Browser } from 'playwright-core';

export function measureActivation(browser: Browser, address: string): Promise<number>;
