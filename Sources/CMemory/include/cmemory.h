// What a small process does to stay small: no page of a program or library that only the start needed, few heaps.
#ifndef CMEMORY_H
#define CMEMORY_H

/// Gives back the pages of the program and its libraries that are the same on disk; those still in use return with
/// their next use. Costs some hundred page faults, so it is called when the start is over, not in the middle of work.
void cmemory_drop_program_pages(void);

/// Makes threads share two heaps, and large blocks leave the process when they are freed. Called before any thread.
void cmemory_keep_heap_small(void);

#endif
