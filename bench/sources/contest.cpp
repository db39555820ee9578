// A contest solution of ordinary size: shortest paths, a sieve, words by frequency, longest increasing subsequence.
#include <bits/stdc++.h>
using namespace std;

using Weight = long long;
constexpr Weight kFar = numeric_limits<Weight>::max() / 4;

struct Edge {
  int to;
  Weight weight;
};

class Graph {
 public:
  explicit Graph(int size) : edges_(size) {}
  void add(int from, int to, Weight weight) { edges_[from].push_back({to, weight}); }

  vector<Weight> distances(int start) const {
    vector<Weight> distance(edges_.size(), kFar);
    priority_queue<pair<Weight, int>, vector<pair<Weight, int>>, greater<>> open;
    distance[start] = 0;
    open.emplace(0, start);
    while (!open.empty()) {
      const auto [reached, node] = open.top();
      open.pop();
      if (reached > distance[node]) continue;
      for (const auto& [to, weight] : edges_[node]) {
        if (reached + weight >= distance[to]) continue;
        distance[to] = reached + weight;
        open.emplace(distance[to], to);
      }
    }
    return distance;
  }

 private:
  vector<vector<Edge>> edges_;
};

vector<int> primes_below(int end) {
  vector<bool> composite(end, false);
  vector<int> primes;
  for (int i = 2; i < end; ++i) {
    if (composite[i]) continue;
    primes.push_back(i);
    for (long long j = 1LL * i * i; j < end; j += i) composite[j] = true;
  }
  return primes;
}

vector<pair<string, int>> frequencies(const string& text) {
  map<string, int> counts;
  istringstream stream(text);
  for (string word; stream >> word;) {
    transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return tolower(c); });
    ++counts[word];
  }
  vector<pair<string, int>> sorted(counts.begin(), counts.end());
  sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return sorted;
}

int longest_increasing(const vector<int>& values) {
  vector<int> tails;
  for (const int value : values) {
    const auto place = lower_bound(tails.begin(), tails.end(), value);
    if (place == tails.end()) {
      tails.push_back(value);
    } else {
      *place = value;
    }
  }
  return static_cast<int>(tails.size());
}

int main() {
  ios::sync_with_stdio(false);
  cin.tie(nullptr);
  Graph graph(6);
  mt19937 random(7);
  for (int i = 0; i < 30; ++i) graph.add(random() % 6, random() % 6, random() % 100);
  const auto distances = graph.distances(0);
  const auto primes = primes_below(1000);
  cout << "far: "
       << *max_element(distances.begin(), distances.end(),
                       [](Weight a, Weight b) { return (a == kFar ? -1 : a) < (b == kFar ? -1 : b); })
       << "\nprimes: " << primes.size() << ", sum " << accumulate(primes.begin(), primes.end(), 0LL) << "\n";
  for (const auto& [word, count] : frequencies("The quick the lazy THE dog quick"))
    cout << setw(8) << left << word << count << "\n";
  unordered_map<int, set<int>> groups;
  for (const int prime : primes) groups[prime % 10].insert(prime);
  cout << "groups: " << groups.size() << ", longest " << longest_increasing({3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5})
       << endl;
  return 0;
}
