import { createContext, useContext } from 'react';

import { type LoadValues } from '../../audience/completion';
import { type Edit } from '../../conditions/edit';
import { type Known } from '../../conditions/words';
import { type UnknownName } from '../../query/types.gen';

import { type LoadUsed } from './useUsed';

/** What all parts of a builder share. */
export interface Builder extends Known {
  datasource: string;
  /** Users without a name count, too. */
  anonymous: boolean;
  loadValues: LoadValues;
  /** Values that users have who fulfil all conditions but the one that is open. */
  loadUsed: LoadUsed;
  /** Who that is, as JSON; undefined where it is everybody. */
  rest?: string;
  tables: string[];
  /** In which dates are read. */
  zone: string;
  edit: (what: Edit) => void;
  /** The condition whose fields are shown, and the one that gets the focus. */
  open?: string;
  setOpen: (id: string | undefined) => void;
  /** Users left after a condition, by node; with `alone` those for whom it holds by itself. */
  counts: Map<string, number>;
  alone: boolean;
  /** Why there is no answer, by node. */
  problems: Map<string, string>;
  counting: boolean;
  /** Pages, actions and errors that no event has had so far. */
  unknown: UnknownName[];
}

const Context = createContext<Builder | undefined>(undefined);

export const BuilderProvider = Context.Provider;

export function useBuilder(): Builder {
  const builder = useContext(Context);
  if (!builder) {
    throw new Error('a part of the condition builder stands outside of one');
  }
  return builder;
}
