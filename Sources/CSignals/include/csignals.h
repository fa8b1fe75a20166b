// signalfd(2), which Swift's Glibc module does not have: signals as something that poll(2) can wait for.
#ifndef CSIGNALS_H
#define CSIGNALS_H

#include <signal.h>

/// A descriptor that is readable while one of `signals`, which have to be blocked, is pending; -1 and errno on failure.
int csignals_open(const sigset_t *_Nonnull signals);

/// Takes the next pending signal from the descriptor; 0 if there is none.
int csignals_take(int descriptor);

#endif
