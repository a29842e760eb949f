import { EaselError } from '../../core/errors';
import { PickleCursor } from './pickle-cursor';
import {
  PickleDict,
  PickleList,
  PickleName,
  PickleOpaque,
  PickleParameters,
  PickleSet,
  PickleTuple,
  type PickleValue,
} from './pickle-value';
import { callTorch, isKnownName, loadStorage, newTorchObject } from './torch-names';

/** Limit of operations. A checkpoint needs about 40 per tensor. */
const MAX_OPERATIONS = 2_000_000;
/**
 * Limit of entries in lists, tuples and dicts, counting each again where it is copied. Without it, a short pickle
 * that makes many dicts of one remembered list would fill the memory.
 */
const MAX_ENTRIES = 2_000_000;
/** A container costs as much memory as some entries. */
const CONTAINER_ENTRIES = 4;

/** Python's MARK: the position on the stack where the items of a tuple, list or dict begin. */
const MARK = Symbol('mark');

/** EMPTY_TUPLE, TUPLE1 to 3, EMPTY_LIST, EMPTY_DICT, EMPTY_SET and TUPLE. */
const CONTAINERS: ReadonlySet<number> = new Set([0x29, 0x85, 0x86, 0x87, 0x5d, 0x7d, 0x8f, 0x74]);

type StackItem = PickleValue | typeof MARK;

/** The value of one pickle, and the position after it. */
export interface Unpickled {
  readonly value: PickleValue;
  readonly end: number;
}

/**
 * Reads a pickle of plain values and torch tensors. It allows the operations and names of
 * `torch.load(weights_only=True)` (torch/_weights_only_unpickler.py) that a state dict needs, and ignores known
 * Lightning metadata. Nothing is executed: a global is only a name, and the few allowed calls are implemented
 * here. Time and memory are linear in the size of the pickle, and limited.
 *
 * @param start position of the pickle in `bytes`
 * @throws EaselError `unsafe-file`, with the global or the operation; `bad-file`
 */
export function readPickle(bytes: Buffer, path: string, start = 0): Unpickled {
  const cursor = new PickleCursor(bytes, path, start);
  const value = new Unpickler(cursor, path).run();
  return { value, end: cursor.position };
}

class Unpickler {
  private readonly stack: StackItem[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private entriesLeft = MAX_ENTRIES;

  constructor(
    private readonly cursor: PickleCursor,
    private readonly path: string,
  ) {}

  run(): PickleValue {
    for (let count = 0; count < MAX_OPERATIONS; count++) {
      const operation = this.cursor.byte();
      if (operation === 0x2e) return this.pop(); // STOP
      if (!this.scalar(operation) && !this.container(operation)) this.object(operation);
    }
    throw this.refuse('more than two million operations');
  }

  /** Operations that push a scalar value. */
  private scalar(operation: number): boolean {
    const { cursor, stack } = this;
    switch (operation) {
      case 0x4e: // NONE
        stack.push(null);
        return true;
      case 0x88: // NEWTRUE
        stack.push(true);
        return true;
      case 0x89: // NEWFALSE
        stack.push(false);
        return true;
      case 0x4a: // BININT
        stack.push(cursor.int32());
        return true;
      case 0x4b: // BININT1
        stack.push(cursor.byte());
        return true;
      case 0x4d: // BININT2
        stack.push(cursor.uint16());
        return true;
      case 0x8a: // LONG1
        stack.push(cursor.long(cursor.byte()));
        return true;
      case 0x47: // BINFLOAT
        stack.push(cursor.float64());
        return true;
      case 0x58: // BINUNICODE
        stack.push(cursor.text(cursor.uint32()));
        return true;
      case 0x55: // SHORT_BINSTRING
        stack.push(cursor.latin1(cursor.byte()));
        return true;
      default:
        return false;
    }
  }

  private container(operation: number): boolean {
    const { stack } = this;
    if (CONTAINERS.has(operation)) this.spend(CONTAINER_ENTRIES);
    switch (operation) {
      case 0x28: // MARK
        stack.push(MARK);
        return true;
      case 0x74: // TUPLE
        stack.push(new PickleTuple(this.popToMark()));
        return true;
      case 0x29: // EMPTY_TUPLE
        stack.push(new PickleTuple([]));
        return true;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        stack.push(new PickleTuple(this.popMany(operation - 0x84)));
        return true;
      case 0x5d: // EMPTY_LIST
        stack.push(new PickleList());
        return true;
      case 0x7d: // EMPTY_DICT
        stack.push(new PickleDict());
        return true;
      case 0x8f: // EMPTY_SET
        stack.push(new PickleSet());
        return true;
      case 0x61: // APPEND
        this.append([this.pop()]);
        return true;
      case 0x65: // APPENDS
        this.append(this.popToMark());
        return true;
      case 0x73: // SETITEM
        this.setItems(this.popMany(2));
        return true;
      case 0x75: // SETITEMS
        this.setItems(this.popToMark());
        return true;
      default:
        return false;
    }
  }

  private object(operation: number): void {
    const { cursor, stack } = this;
    switch (operation) {
      case 0x80: // PROTO
        if (cursor.byte() !== 2) throw this.refuse('a pickle protocol other than 2');
        return;
      case 0x71: // BINPUT
        this.memo.set(cursor.byte(), this.top());
        return;
      case 0x72: // LONG_BINPUT
        this.memo.set(cursor.uint32(), this.top());
        return;
      case 0x68: // BINGET
        stack.push(this.remembered(cursor.byte()));
        return;
      case 0x6a: // LONG_BINGET
        stack.push(this.remembered(cursor.uint32()));
        return;
      case 0x63: // GLOBAL
        stack.push(this.global());
        return;
      case 0x51: // BINPERSID
        stack.push(loadStorage(this.pop(), this.path));
        return;
      case 0x52: // REDUCE
        this.reduce();
        return;
      case 0x81: // NEWOBJ
        this.newObject();
        return;
      case 0x62: // BUILD
        this.build();
        return;
      default:
        throw this.refuse(`the pickle operation 0x${operation.toString(16).padStart(2, '0')}`);
    }
  }

  private global(): PickleName {
    const module = this.cursor.line();
    const name = `${module}.${this.cursor.line()}`;
    if (isKnownName(name)) return new PickleName(name);
    throw this.refuse(JSON.stringify(name));
  }

  private reduce(): void {
    const args = this.pop();
    const callee = this.pop();
    if (!(callee instanceof PickleName) || !(args instanceof PickleTuple)) {
      throw this.refuse('a call of something that is not a name');
    }
    this.stack.push(callTorch(callee.name, args.items, this.path, (n) => this.spend(n)));
  }

  /** Counts entries against the limit. */
  private spend(entries: number): void {
    this.entriesLeft -= entries;
    if (this.entriesLeft < 0) throw this.refuse('more than two million entries');
  }

  /** An object that gets its attributes later. The only class is torch's dict of parameters. */
  private newObject(): void {
    const args = this.pop();
    const type = this.pop();
    if (!(type instanceof PickleName) || !(args instanceof PickleTuple) || args.items.length > 0) {
      throw this.refuse('an object of something that is not a name');
    }
    this.stack.push(newTorchObject(type.name, this.path));
  }

  /** Attributes of an OrderedDict. A state dict has module versions there; they are ignored. */
  private build(): void {
    const attributes = this.pop();
    const object = this.top();
    if (object instanceof PickleParameters) {
      const parameters = attributes instanceof PickleDict && attributes.get('_parameters');
      if (!(parameters instanceof PickleDict)) {
        throw this.cursor.damaged('a dict of parameters has none');
      }
      this.spend(parameters.entries.size);
      for (const [key, value] of parameters.entries) object.entries.set(key, value);
      return;
    }
    if (object instanceof PickleDict || object instanceof PickleOpaque) return;
    throw this.refuse('attributes of an object');
  }

  private append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!(list instanceof PickleList || list instanceof PickleSet)) {
      throw this.cursor.damaged('it appends to something that is not a list');
    }
    this.spend(items.length);
    for (const item of items) list.items.push(item);
  }

  private setItems(items: readonly PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof PickleDict) || items.length % 2 !== 0) {
      throw this.cursor.damaged('it sets items of something that is not a dict');
    }
    this.spend(items.length);
    for (let index = 0; index < items.length; index += 2) {
      dict.entries.set(items[index]!, items[index + 1]!);
    }
  }

  private remembered(index: number): PickleValue {
    const value = this.memo.get(index);
    if (value === undefined) throw this.cursor.damaged('it refers to a missing value');
    return value;
  }

  private top(): PickleValue {
    const value = this.stack.at(-1);
    if (value === undefined || value === MARK) throw this.cursor.damaged('a value is missing');
    return value;
  }

  private pop(): PickleValue {
    const value = this.top();
    this.stack.pop();
    return value;
  }

  private popMany(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  private popToMark(): PickleValue[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark === -1) throw this.cursor.damaged('a mark is missing');
    const items = this.stack.splice(mark);
    items.shift();
    return items as PickleValue[];
  }

  private refuse(what: string): EaselError {
    const message =
      `${this.path} is a PyTorch file with more than weights in it: ${what}. This could run code, so Easel does not ` +
      'open the file, and nothing was run. Use the model as safetensors, or save only its state dict.';
    return new EaselError('unsafe-file', message, { path: this.path, refused: what });
  }
}
