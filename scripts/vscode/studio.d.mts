import type { FrameLocator, Page } from 'playwright-core';

export function studioFrame(page: Page): FrameLocator;
export function openStudio(page: Page): Promise<FrameLocator>;
export function openStudioWithoutModel(page: Page): Promise<FrameLocator>;
export function studioReady(page: Page): Promise<FrameLocator>;
export function showTab(studio: FrameLocator, name: 'Sketch' | 'Result'): Promise<void>;
export function dragOnPaper(
  page: Page,
  studio: FrameLocator,
  places: readonly (readonly [x: number, y: number])[],
): Promise<void>;
export function penOnPaper(
  page: Page,
  studio: FrameLocator,
  y: number,
  force: number,
): Promise<void>;
export function dragIntoText(
  page: Page,
  studio: FrameLocator,
  place: number,
  line: string,
): Promise<void>;
export function giveToPaper(
  studio: FrameLocator,
  way: 'drop' | 'paste',
  bytes: Uint8Array,
): Promise<void>;
export function takeTool(studio: FrameLocator, name: string, colour?: string): Promise<void>;
export function sketchApple(page: Page, studio: FrameLocator): Promise<void>;
export function draw(studio: FrameLocator, prompt: string, images?: number): Promise<void>;
export function dropFile(
  studio: FrameLocator,
  selector: string,
  file: { readonly name: string; readonly type: string; readonly bytes: Uint8Array },
): Promise<void>;
