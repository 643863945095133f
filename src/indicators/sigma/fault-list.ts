/** Collects what is wrong with a document: its place is worked out only when something is. */
import type { Faults } from './detection.js';
import type { RuleError, RuleErrorCode } from './errors.js';
import type { YamlFile } from './yaml.js';

export class FaultList implements Faults {
  readonly errors: RuleError[] = [];
  readonly warnings: RuleError[] = [];
  /** Id or title, once it is known. */
  rule: string | undefined;

  constructor(
    private readonly path: string,
    private readonly file: YamlFile,
  ) {}

  error(code: RuleErrorCode, message: string, at: number, hint?: string): void {
    this.errors.push(this.make(code, message, at, hint));
  }

  warning(code: RuleErrorCode, message: string, at: number, hint?: string): void {
    this.warnings.push(this.make(code, message, at, hint));
  }

  private make(code: RuleErrorCode, message: string, at: number, hint: string | undefined): RuleError {
    return { code, message, hint, path: this.path, ...this.file.place(at), rule: this.rule };
  }
}
