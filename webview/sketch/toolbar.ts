import { h, icon, iconButton, rove } from '../controls/dom';
import { paintSlider } from '../controls/fields';
import type { StateStore } from '../state/store';
import { t } from '../l10n';
import type { StudioStringKey } from '../../src/protocol/studio-strings';
import type { SketchCanvas } from './canvas';
import type { SketchDocument } from './document';
import type { Shape } from './marks';
import { imageChooser } from '../controls/image-files';
import { menuButton } from '../controls/menu';
import { MASK_COLOUR, PALETTE, type Tool, type ToolState } from './tools';

const TOOL_BUTTONS: readonly (readonly [Tool, StudioStringKey, icon: string])[] = [
  ['pen', 'pen', 'edit'],
  ['eraser', 'eraser', 'eraser'],
  ['fill', 'fill', 'paintcan'],
  ['line', 'line', 'line'],
  ['rectangle', 'rectangle', 'rectangle'],
  ['ellipse', 'ellipse', 'ellipse'],
  ['mask', 'maskBrush', 'mask'],
  ['unmask', 'maskEraser', 'unmask'],
];

const SHAPE_ITEMS: readonly (readonly [Shape, StudioStringKey, icon: string])[] = [
  ['rectangle', 'addRectangle', 'rectangle'],
  ['ellipse', 'addEllipse', 'ellipse'],
  ['triangle', 'addTriangle', 'triangle'],
  ['star', 'addStar', 'star'],
  ['line', 'addLine', 'line'],
];

export interface ToolbarParts {
  readonly sketch: SketchDocument;
  readonly canvas: SketchCanvas;
  readonly tools: StateStore<ToolState>;
  readonly announce: (text: string) => void;
  readonly importFile: (file: File) => void;
}

/** The toolbar under the canvas. */
export function sketchToolbar(parts: ToolbarParts): HTMLElement {
  const bar = h('div', { class: 'toolbar', role: 'toolbar', 'aria-label': t('tools') });
  const group = (...children: HTMLElement[]) => h('div', { class: 'tool-group' }, {}, ...children);
  bar.append(
    group(...toolButtons(parts)),
    group(...colours(parts)),
    group(sizeSlider(parts), filledToggle(parts)),
    group(shapesMenu(parts), importButton(parts), ...historyButtons(parts)),
  );
  rove(bar, 'button:not([role=menuitem]), input:not([type=file])');
  return bar;
}

function toolButtons({ tools }: ToolbarParts): HTMLElement[] {
  return TOOL_BUTTONS.map(([tool, label, name]) => {
    const button = iconButton({ name, label: t(label), onClick: () => tools.update({ tool }) });
    button.dataset.tool = tool;
    tools.watch((state) => button.setAttribute('aria-pressed', String(state.tool === tool)));
    return button;
  });
}

function colours({ tools }: ToolbarParts): HTMLElement[] {
  const swatches = PALETTE.map((colour) => {
    const button = h(
      'button',
      {
        type: 'button',
        class: 'swatch',
        title: t('colourNamed', colour),
        'aria-label': t('colourNamed', colour),
      },
      { click: () => tools.update({ colour }) },
    );
    button.style.setProperty('--swatch', colour);
    tools.watch((state) => button.setAttribute('aria-pressed', String(state.colour === colour)));
    return button;
  });
  const custom = h(
    'input',
    {
      type: 'color',
      class: 'swatch custom',
      title: t('customColour'),
      'aria-label': t('customColour'),
    },
    { input: () => tools.update({ colour: custom.value }) },
  );
  tools.watch(({ colour }) => (custom.value = colour));
  return [...swatches, custom];
}

function sizeSlider({ tools }: ToolbarParts): HTMLElement {
  const slider = h(
    'input',
    {
      type: 'range',
      class: 'slider brush',
      min: 2,
      max: 80,
      title: t('brushSize'),
      'aria-label': t('brushSize'),
    },
    { input: () => tools.update({ size: slider.valueAsNumber }) },
  );
  // Here these keys change the value; the toolbar must not move the focus.
  slider.addEventListener('keydown', (event) => {
    if (event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End')
      event.stopPropagation();
  });
  tools.watch(({ size }) => {
    slider.valueAsNumber = size;
    paintSlider(slider);
  });
  return slider;
}

function filledToggle({ tools }: ToolbarParts): HTMLElement {
  const button = iconButton({
    name: 'circle-filled',
    label: t('filled'),
    onClick: () => tools.update({ filled: !tools.value.filled }),
  });
  tools.watch(({ filled }) => {
    button.setAttribute('aria-pressed', String(filled));
    button.replaceChildren(icon(filled ? 'circle-filled' : 'circle'));
  });
  return button;
}

function shapesMenu({ canvas, sketch, tools, announce }: ToolbarParts): HTMLElement {
  return menuButton(t('addShape'), 'symbol-misc', [
    ...SHAPE_ITEMS.map(([shape, label, name]) => ({
      label: t(label),
      icon: name,
      run: () => {
        canvas.placePending();
        canvas.pending.add(shape, t(label), tools.value);
        canvas.element.focus();
      },
    })),
    {
      label: t('fillPaper'),
      icon: 'paintcan',
      run: () => {
        canvas.placePending();
        sketch.add({ kind: 'wash', layer: 'paint', colour: tools.value.colour });
        announce(t('fillPaper'));
        canvas.element.focus();
      },
    },
    {
      label: t('maskAll'),
      icon: 'mask',
      run: () => {
        sketch.add({ kind: 'wash', layer: 'mask', colour: MASK_COLOUR });
        announce(t('maskAll'));
        canvas.element.focus();
      },
    },
  ]);
}

function importButton({ importFile }: ToolbarParts): HTMLElement {
  const input = imageChooser(importFile);
  const button = iconButton({
    name: 'file-media',
    label: t('importImage'),
    onClick: () => input.click(),
  });
  return h('span', { class: 'import' }, {}, button, input);
}

function historyButtons({ sketch, announce }: ToolbarParts): HTMLElement[] {
  const undo = iconButton({
    name: 'discard',
    label: t('undo'),
    onClick: () => sketch.undo() && announce(t('undone')),
  });
  const redo = iconButton({
    name: 'redo',
    label: t('redo'),
    onClick: () => sketch.redo() && announce(t('redone')),
  });
  const clear = iconButton({
    name: 'trash',
    label: t('clear'),
    onClick: () => {
      sketch.clear();
      announce(t('cleared'));
    },
  });
  const update = () => {
    // Not `disabled`: a disabled button loses the keyboard focus.
    undo.setAttribute('aria-disabled', String(!sketch.canUndo));
    redo.setAttribute('aria-disabled', String(!sketch.canRedo));
    clear.setAttribute('aria-disabled', String(sketch.visible.length === 0));
  };
  sketch.watch(update);
  update();
  return [undo, redo, clear];
}
