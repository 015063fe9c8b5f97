#include "fill/team.hpp"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

#include "fill/floating_point.hpp"

namespace fast_init {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto LOOK = std::chrono::milliseconds(40);  // between two looks at `interrupted`
// Whoever waits looks for so long before it sleeps: to be woken takes about as long. It yields its core between two
// looks, or the one that it waits for, where they share a core, would wait for it.
constexpr auto SPIN = std::chrono::microseconds(100);

template <class Condition>
void spin_until(Condition condition) {
    for (const auto end = Clock::now() + SPIN; !condition() && Clock::now() < end;) std::this_thread::yield();
}

// The tasks of one call. It lies on the caller's stack: who works on it is counted in `inside`, and the caller stays
// until that is 0. The team's mutex is held where `places` and `inside` change.
struct Work {
    const std::function<void(std::size_t)>& task;
    const std::size_t count;
    int places;  // helpers that may still come
    std::atomic<int> inside = 0;
    alignas(64) std::atomic<std::size_t> next = 0;

    std::size_t take() { return next.fetch_add(1, std::memory_order_relaxed); }

    void help() {
        const DefaultFloatingPoint environment;
        for (std::size_t k; (k = take()) < count;) task(k);
    }

    bool lead(bool (*interrupted)()) {
        auto looked = Clock::now();
        for (std::size_t k; (k = take()) < count;) {
            {
                const DefaultFloatingPoint environment;
                task(k);
            }
            if (const auto now = Clock::now(); now - looked > LOOK) {
                if (interrupted()) return false;
                looked = Clock::now();
            }
        }
        return true;
    }
};

class Team;
// Never destroyed: helpers wait for its mutex until the process ends. A forked child has none of them; it leaves its
// parent's team where it lies, whatever state that was in.
std::atomic<Team*> the_team;
[[maybe_unused]] const int registered = pthread_atfork(nullptr, nullptr, [] { the_team = nullptr; });

class Team {
  public:
    void open(Work& work) {
        const int wanted = work.places;  // which helpers change from here on
        {
            const std::lock_guard lock(mutex_);
            try {
                for (; helpers_ < wanted; ++helpers_) start();
            } catch (const std::system_error&) {  // no more threads: those that there are
            }
            open_.push_back(&work);
            places_ += wanted;
        }
        for (int k = 0; k < wanted; ++k) opened_.notify_one();
    }

    // No task begins any more, and when it returns nobody is inside.
    void close(Work& work) {
        if (the_team != this) return;  // in a child that `interrupted` has forked: its helpers are the parent's
        work.next = work.count;
        spin_until([&] { return work.inside == 0; });
        std::unique_lock lock(mutex_);
        withdraw(work);
        left_.wait(lock, [&] { return work.inside == 0; });
    }

  private:
    // Signals are for the threads of the program.
    void start() {
        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &before);
        try {
            std::thread(&Team::help, this).detach();
        } catch (...) {
            pthread_sigmask(SIG_SETMASK, &before, nullptr);
            throw;
        }
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }

    void withdraw(Work& work) {
        places_ -= work.places;
        work.places = 0;
        std::erase(open_, &work);
    }

    // The life of a helper.
    [[noreturn]] void help() {
        for (;;) {
            spin_until([&] { return places_ > 0; });
            std::unique_lock lock(mutex_);
            opened_.wait(lock, [&] { return places_ > 0; });
            Work& work = *open_.front();
            ++work.inside;
            --places_;
            if (--work.places == 0) withdraw(work);
            lock.unlock();
            work.help();
            lock.lock();
            withdraw(work);
            if (--work.inside == 0) left_.notify_all();
        }
    }

    std::mutex mutex_;
    std::condition_variable opened_, left_;
    std::vector<Work*> open_;      // those with places; the oldest first
    std::atomic<int> places_ = 0;  // of all of them
    int helpers_ = 0;
};

Team& team() {
    Team* mine = the_team;
    if (mine) return *mine;
    Team* const fresh = new Team;
    if (the_team.compare_exchange_strong(mine, fresh)) return *fresh;
    delete fresh;
    return *mine;
}

}  // namespace

bool share_tasks(std::size_t count, int helpers, const std::function<void(std::size_t)>& task, bool (*interrupted)()) {
    Work work{task, count, int(std::min(std::size_t(helpers), count > 0 ? count - 1 : 0))};
    if (work.places <= 0) return work.lead(interrupted);
    // Closed also when the interpreter ends this thread in `interrupted`, by unwinding its stack.
    struct Opened {
        Team& team;
        Work& work;
        ~Opened() { team.close(work); }
    } opened{team(), work};
    opened.team.open(work);
    const bool finished = work.lead(interrupted);
    if (the_team != &opened.team) throw std::runtime_error("a fill does not go on in a process forked in its midst");
    return finished;
}

}  // namespace fast_init
