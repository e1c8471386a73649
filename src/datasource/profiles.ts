import { arity } from './attributes';
import { type ProfileFilter, type ProfilesOptions } from './types';

/** Replaces variables in a text; `format` is given each variable's value. The shape of TemplateSrv.replace. */
export type Replace = (text: string, format?: (value: string | string[]) => string) => string;

/** False while a filter is still being typed: running it would only bring an error. */
export function isComplete(options: ProfilesOptions): boolean {
  return (options.filters ?? []).every(isCompleteFilter);
}

function isCompleteFilter({ attribute, operator, values = [] }: ProfileFilter): boolean {
  if (!attribute) {
    return false;
  }
  switch (arity(operator)) {
    case 'none':
      return true;
    case 'one':
      return values.length === 1;
    case 'many':
      return values.length > 0;
  }
}

/**
 * Puts the values of dashboard variables into the search text and the filters. A variable with several values becomes
 * several values of the filter. A filter whose variables are all empty is left out, so that an empty text box shows
 * everybody.
 */
export function interpolate(options: ProfilesOptions, replace: Replace): ProfilesOptions {
  return {
    ...options,
    ...(options.search !== undefined && { search: replace(options.search).trim() }),
    ...(options.filters && { filters: options.filters.flatMap((filter) => interpolateFilter(filter, replace)) }),
  };
}

function interpolateFilter(filter: ProfileFilter, replace: Replace): ProfileFilter[] {
  if (!filter.values?.length) {
    return [filter];
  }
  const values = filter.values.flatMap((value) => expand(value, replace));
  return values.length > 0 ? [{ ...filter, values }] : [];
}

/** The values that one value of a filter stands for: a variable alone is the list of its values, other text one value. */
function expand(text: string, replace: Replace): string[] {
  const found: string[] = [];
  const rest = replace(text, (value) => {
    found.push(...[value].flat());
    return '';
  });
  const isVariable = found.length > 0 && rest.trim() === '';
  return isVariable ? found.filter((value) => value !== '') : [replace(text)];
}
