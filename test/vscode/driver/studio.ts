// Drives the studio as a person does: by its names, the mouse and the keyboard.
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { runCommand } from './browser';
import { until } from '../../support/until';

/** The studio's page inside the editor's page. */
function studioFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
}

/** Opens the studio and waits until it knows its models. */
export async function openStudio(page: Page): Promise<FrameLocator> {
  await runCommand(page, 'Easel: Open Studio');
  return studioReady(page);
}

/** Opens the studio where the model is not there: it has no steps to tell, but the devices are known. */
export async function openStudioWithoutModel(page: Page): Promise<FrameLocator> {
  await runCommand(page, 'Easel: Open Studio');
  const studio = studioFrame(page);
  await studio.locator('.running').filter({ hasText: 'Running on' }).waitFor({ timeout: 90_000 });
  return studio;
}

/** Opens the studio where an endpoint draws. */
export async function openStudioElsewhere(page: Page): Promise<FrameLocator> {
  await runCommand(page, 'Easel: Open Studio');
  const studio = studioFrame(page);
  await studio.locator('.place').filter({ hasText: 'Runs on' }).waitFor({ timeout: 90_000 });
  return studio;
}

/** Waits for a studio that opens by itself, as after a reload. */
export async function studioReady(page: Page): Promise<FrameLocator> {
  const studio = studioFrame(page);
  await studio
    .locator('.facts')
    .filter({ hasText: /\bsteps?\b/ })
    .waitFor({ timeout: 90_000 });
  return studio;
}

/** Shows the sketch or the result. */
export function showTab(studio: FrameLocator, name: 'Sketch' | 'Result'): Promise<void> {
  return studio.getByRole('tab', { name }).click();
}

type Place = readonly [x: number, y: number];

/** Where an element lies on the page, in CSS pixels. */
async function boxOf(element: Locator): Promise<Box> {
  const box = await element.boundingBox();
  if (!box) throw new Error(`${element.toString()} is not shown.`);
  return box;
}

type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

/**
 * Drags over the paper with the mouse.
 * @param places [x, y] pairs as shares of the paper; a single one is a click
 */
export async function dragOnPaper(
  page: Page,
  studio: FrameLocator,
  places: readonly Place[],
): Promise<void> {
  const box = await boxOf(studio.locator('.paper'));
  const [first, ...rest] = places.map(([x, y]): Place => [
    box.x + box.width * x,
    box.y + box.height * y,
  ]);
  if (!first) return;
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const place of rest) await page.mouse.move(...place, { steps: 8 });
  await page.mouse.up();
}

/** Draws a line over the paper from left to right with a pen that presses so hard (0 to 1). */
export async function penOnPaper(
  page: Page,
  studio: FrameLocator,
  y: number,
  force: number,
): Promise<void> {
  const box = await boxOf(studio.locator('.paper'));
  const devtools = await page.context().newCDPSession(page);
  const send = (
    type: 'mouseMoved' | 'mousePressed' | 'mouseReleased',
    x: number,
    buttons: number,
  ) =>
    devtools.send('Input.dispatchMouseEvent', {
      type,
      x: box.x + box.width * x,
      y: box.y + box.height * y,
      button: 'left',
      buttons,
      clickCount: 1,
      pointerType: 'pen',
      force,
    });
  await send('mouseMoved', 0.2, 0);
  await send('mousePressed', 0.2, 1);
  for (let x = 0.25; x < 0.8; x += 0.05) await send('mouseMoved', x, 1);
  await send('mouseReleased', 0.8, 0);
  await devtools.detach();
}

/** Drags a picture of the filmstrip, the newest being the first, to the end of a line of a document. */
export async function dragIntoText(
  page: Page,
  studio: FrameLocator,
  place: number,
  line: string,
): Promise<void> {
  const [from, to] = await Promise.all([
    boxOf(studio.locator('.thumb').nth(place - 1)),
    boxOf(page.locator('.view-line').filter({ hasText: line })),
  ]);
  const x = to.x + to.width / 2;
  const y = to.y + to.height / 2;
  await page.mouse.move(from.x + from.width / 2, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(x, y, { steps: 5 });
  // Without Shift the editor opens what is dropped on it.
  await page.keyboard.down('Shift');
  await page.mouse.move(x + 4, y, { steps: 4 });
  await page.locator('.dnd-target').waitFor({ state: 'attached' });
  await page.mouse.up();
  await page.keyboard.up('Shift');
}

/** What the functions that run in the studio's page use of an element; Node has no types of the DOM. */
interface PageElement {
  readonly ownerDocument: {
    readonly defaultView: {
      readonly DataTransfer: new () => { readonly items: { add(file: object): void } };
      readonly File: new (parts: readonly Uint8Array[], name: string, options: object) => object;
      readonly DragEvent: new (type: string, options: object) => object;
      readonly ClipboardEvent: new (type: string, options: object) => object;
    };
  };
  dispatchEvent(event: object): boolean;
}

/** Drops a PNG file on the paper, or pastes it there, as a browser hands it over. */
export async function giveToPaper(
  studio: FrameLocator,
  way: 'drop' | 'paste',
  bytes: Uint8Array,
): Promise<void> {
  await studio.locator('.paper').evaluate(
    (paper: PageElement, given) => {
      const page = paper.ownerDocument.defaultView;
      const transfer = new page.DataTransfer();
      const png = { type: 'image/png' };
      transfer.items.add(new page.File([new Uint8Array(given.bytes)], 'a.png', png));
      const options = { bubbles: true, cancelable: true };
      paper.dispatchEvent(
        given.way === 'drop'
          ? new page.DragEvent('drop', { ...options, dataTransfer: transfer })
          : new page.ClipboardEvent('paste', { ...options, clipboardData: transfer }),
      );
    },
    { way, bytes: [...bytes] },
  );
}

/** Takes a tool, and a colour where it is given as `#rrggbb`. */
export async function takeTool(studio: FrameLocator, name: string, colour?: string): Promise<void> {
  await studio.getByRole('button', { name, exact: true }).click();
  if (colour) await studio.getByRole('button', { name: `Colour ${colour}` }).click();
}

/** An apple: a filled background, an ellipse, a stem and a leaf. */
export async function sketchApple(page: Page, studio: FrameLocator): Promise<void> {
  await showTab(studio, 'Sketch');
  await takeTool(studio, 'Ellipse', '#d8433b');
  await dragOnPaper(page, studio, [[0.2, 0.28], [0.8, 0.9]]); // prettier-ignore
  await takeTool(studio, 'Pen', '#8a5a3b');
  await studio.getByRole('slider', { name: 'Brush size' }).fill('34');
  await dragOnPaper(page, studio, [[0.5, 0.34], [0.51, 0.24], [0.57, 0.14]]); // prettier-ignore
  await takeTool(studio, 'Ellipse', '#4fa65b');
  await dragOnPaper(page, studio, [[0.55, 0.13], [0.78, 0.25]]); // prettier-ignore
}

/** Types a prompt, chooses how many pictures, and draws. */
export async function draw(studio: FrameLocator, prompt: string, images = 1): Promise<void> {
  const choice = studio.locator('.segment').nth(images - 1);
  const isChosen = await studio
    .locator(`.segments input[value="${images}"]`)
    .evaluate((input: { checked: boolean }) => input.checked);
  if (!isChosen) await inSettings(studio, () => choice.click());
  const box = studio.getByRole('textbox', { name: 'Prompt', exact: true });
  await box.fill(prompt);
  await box.press('Enter');
}

/** Does something in the settings: in a narrow page the drawer is opened before, and closed after it. */
export async function inSettings<T>(studio: FrameLocator, act: () => Promise<T>): Promise<T> {
  const more = studio.getByRole('button', { name: 'More', exact: true });
  const isDrawer = await more.isVisible();
  if (isDrawer) await more.click();
  const result = await act();
  if (isDrawer) await more.click();
  return result;
}

/** Sets the steps or the guidance, which the starter model has in the fold of the settings. */
export async function setAdvanced(
  studio: FrameLocator,
  name: 'Steps' | 'Guidance',
  value: string,
): Promise<void> {
  await inSettings(studio, async () => {
    const input = studio.getByRole('spinbutton', { name });
    if (!(await input.isVisible())) await studio.getByText('Advanced', { exact: true }).click();
    await input.fill(value);
    await input.press('Tab');
  });
}

/** The entries of the context menu that opens when something is done; the menu is closed again. */
export async function menuOf(page: Page, open: () => Promise<void>): Promise<string[]> {
  const menu = page.locator('.monaco-menu');
  const entries = menu.locator('.action-label');
  let labels: string[] = [];
  // A menu that has just closed gives the focus back a moment later: a key may come before that, and a
  // menu that opens before that is closed again at once.
  await until('a context menu with entries', async () => {
    await open();
    await entries
      .first()
      .waitFor({ timeout: 5000 })
      .catch(() => undefined);
    labels = await entries.allTextContents();
    return labels.length > 0;
  });
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });
  // The lines between the groups have no text.
  return labels.filter(Boolean);
}

/** Chooses an entry of an element's context menu. */
export async function chooseInMenu(page: Page, element: Locator, entry: string): Promise<void> {
  await element.click({ button: 'right' });
  const menu = page.locator('.monaco-menu');
  await menu.getByText(entry, { exact: true }).hover();
  // A menu ignores the mouse for a moment, as the click that opened it may not have ended; not so the keys.
  await page.keyboard.press('Enter');
  await menu.waitFor({ state: 'detached' });
}

/** Drops an image file on a part of the page, as from the desktop. */
export function dropFile(
  studio: FrameLocator,
  selector: string,
  {
    name,
    type,
    bytes,
  }: { readonly name: string; readonly type: string; readonly bytes: Uint8Array },
): Promise<void> {
  const base64 = Buffer.from(bytes).toString('base64');
  return studio.locator(selector).evaluate(
    (element: PageElement, dropped) => {
      const page = element.ownerDocument.defaultView;
      const content = Uint8Array.from(atob(dropped.base64), (letter) => letter.charCodeAt(0));
      const transfer = new page.DataTransfer();
      transfer.items.add(new page.File([content], dropped.name, { type: dropped.type }));
      const options = { bubbles: true, cancelable: true };
      element.dispatchEvent(new page.DragEvent('drop', { ...options, dataTransfer: transfer }));
    },
    { name, type, base64 },
  );
}
