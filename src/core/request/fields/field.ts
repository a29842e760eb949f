import type * as v from 'valibot';
import type { OptionReader } from '../option-values';

/** One row of the table: a field of a request, and how each front shows it. */
export interface RequestField {
  /** The values that the field can hold. */
  readonly schema: v.GenericSchema;
  /** The value of a field that is left out. No default: the model's own, or chosen by the engine. */
  readonly default?: unknown;
  readonly required?: true;
  /** The option of `easel generate`. */
  readonly option?: CommandLineOption;
  /** The setting `easel.<field>` fills the field. Its default and limits in package.json are this row's. */
  readonly setting?: true;
  /** The control of the studio's form. */
  readonly form?: FormControl;
  /** The field is an input of the agents' tool `generate_image`, with this description. */
  readonly tool?: string;
  /** The field is about an initial image: it means nothing without one. */
  readonly ofInitImage?: true;
  /** The field does not belong to an image's recipe: it says how the image is delivered, or holds an image. */
  readonly recipe?: false;
}

export interface CommandLineOption {
  /** Without the dashes. */
  readonly name: string;
  /** The word for its value in the help, such as `N`. Absent: a switch without a value. */
  readonly value?: string;
  readonly help: string;
  readonly read: OptionReader;
  /** The value may be left out; the next argument is it only where it looks so. */
  readonly optional?: RegExp;
  /** The option may be repeated. */
  readonly multiple?: true;
  /** The value is the path of a file, and the field holds the file's bytes. */
  readonly file?: true;
  /** The value is, or begins with, a path: `~/` is the home folder. */
  readonly path?: true;
}

/** Labels and help texts are in English; `l10n` has their translations. `custom` controls are made by hand. */
export type FormControl =
  | { readonly control: 'custom'; readonly label: string; readonly help?: string }
  | { readonly control: 'checkbox'; readonly label: string; readonly help: string }
  | {
      readonly control: 'slider';
      readonly label: string;
      readonly help?: string;
      readonly step: number;
      /** The end of the slider. The number beside it takes more. Absent: the field's limit. */
      readonly sliderMax?: number;
      /** Shown in a form where the model does not say its own value. */
      readonly initial?: number;
      /** In a card that *Add control* adds, which begins with `initial`. */
      readonly added?: true;
    };
