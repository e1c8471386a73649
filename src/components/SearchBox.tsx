import { css } from '@emotion/css';
import { FilterInput, useStyles2 } from '@grafana/ui';
import React, { useEffect, useRef, useState } from 'react';

/** How long typing may pause before it counts, in milliseconds. */
const PAUSE = 300;

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** Finds as one types; `/` leads to it, Escape empties it. */
export function SearchBox({ label, value, onChange }: Props) {
  const styles = useStyles2(getStyles);
  const [text, setText] = useState(value);
  const told = useRef(value);
  const box = useRef<HTMLDivElement>(null);
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
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = (event.target as Element).closest('input, textarea, select, [contenteditable]');
      if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        box.current?.querySelector('input')?.focus();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div ref={box} className={styles.box} role="search">
      <FilterInput
        {...{ 'aria-label': label, placeholder: label, value: text, onChange: setText, escapeRegex: false }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text) {
            event.stopPropagation();
            setText('');
          }
        }}
      />
    </div>
  );
}

const getStyles = () => ({ box: css({ flex: '1 1 240px', maxWidth: 360 }) });
