import { css } from '@emotion/css';
import { FilterInput, useStyles2 } from '@grafana/ui';
import React, { type RefObject, useEffect, useRef, useState } from 'react';

/** How long typing may pause before it counts, in milliseconds. */
const PAUSE = 300;

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** The arrow down. */
  onDown?: () => void;
  inputRef?: RefObject<HTMLInputElement | null>;
}

/** Finds as one types; Escape empties it. */
export function SearchBox({ label, value, onChange, onDown, inputRef }: Props) {
  const styles = useStyles2(getStyles);
  const [text, setText] = useState(value);
  const told = useRef(value);
  // What somebody else changed, Back for one, is shown; what was told from here comes back and is no news.
  useEffect(() => {
    if (value !== told.current) {
      told.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => {
    if (text === told.current) {
      return;
    }
    const timer = setTimeout(() => {
      told.current = text;
      onChange(text);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text, onChange]);
  return (
    <div className={styles.box} role="search">
      <FilterInput
        ref={inputRef as RefObject<HTMLInputElement>}
        {...{ 'aria-label': label, placeholder: label, value: text, onChange: setText, escapeRegex: false }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text) {
            event.preventDefault();
            event.stopPropagation();
            setText('');
          } else if (onDown && event.key === 'ArrowDown') {
            event.preventDefault();
            onDown();
          }
        }}
      />
    </div>
  );
}

const getStyles = () => ({ box: css({ flex: '1 1 240px', maxWidth: 360 }) });
