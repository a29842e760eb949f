import type { Browser, Locator, Page } from 'playwright-core';

export function startBrowser(): Promise<Browser>;
export function openEditor(
  browser: Browser,
  address: string,
  viewport?: { readonly width: number; readonly height: number },
): Promise<Page>;
export function quickInput(page: Page): Locator;
export function runCommand(page: Page, title: string, timeout?: number): Promise<void>;
export function openFile(page: Page, name: string, timeout?: number): Promise<void>;
