#include "portal/postgres/url.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "base/temp_dir.hpp"
#include "portal/postgres/rows.hpp"

namespace rota::portal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

TEST(StoreUrl, IsShownWithoutItsPassword) {
  EXPECT_EQ(shown_store_url("postgres://rota:secret@db1:5432,db2:5433/jobs"),
            "postgres://db1,db2:5432,5433/jobs");
  EXPECT_EQ(shown_store_url("host=/run/postgresql password=secret dbname=jobs"),
            "postgres:///run/postgresql/jobs");
}

TEST(StoreUrl, ThatIsNoneIsRefusedInWordsThatDoNotHoldIt) {
  EXPECT_THAT([] { shown_store_url("postgres://rota:secret@[db1/jobs"); },
              ThrowsMessage<std::invalid_argument>(
                  testing::AllOf(HasSubstr("postgres://USER@HOST"), Not(HasSubstr("secret")))));
}

TEST(StoreUrl, CanBeginWithAnyOfItsHosts) {
  const std::string url = "postgres://rota:it's@a:1,b:2,c:3/jobs";
  EXPECT_EQ(shown_store_url(rotated_store_url(url, 1)), "postgres://b,c,a:2,3,1/jobs");
  EXPECT_EQ(shown_store_url(rotated_store_url(url, 3)), "postgres://a,b,c:1,2,3/jobs");
  EXPECT_EQ(shown_store_url(rotated_store_url("postgres://a/jobs", 5)), "postgres://a/jobs");
  EXPECT_THAT(rotated_store_url(url, 0), HasSubstr("password='it\\'s'"));
}

TEST(StoreUrl, ComesFromAFileThatOnlyItsOwnerReads) {
  const TempDir folder("rota-url-");
  const auto file = folder.path() / "url";
  std::ofstream(file) << "postgres://rota:secret@db/jobs\n";
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  EXPECT_EQ(read_store_url(file), "postgres://rota:secret@db/jobs");
  std::filesystem::permissions(file, std::filesystem::perms(0640));
  EXPECT_THAT([&] { read_store_url(file); }, ThrowsMessage<std::runtime_error>(HasSubstr("chmod 600")));
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  std::ofstream(file) << "\n";
  EXPECT_THAT([&] { read_store_url(file); }, ThrowsMessage<std::runtime_error>(HasSubstr("no URL stands")));
  EXPECT_THROW(read_store_url(folder.path() / "none"), std::system_error);
}

TEST(Lane, IsTheWishesOfItsJobs) {
  JobInfo job;
  job.need = "c++";
  EXPECT_THAT(job_of_lane(lane_of(job)).labels, ElementsAre());
  job.labels = {"gpu", "room=12"};
  EXPECT_EQ(job_of_lane(lane_of(job)).need, "c++");
  EXPECT_THAT(job_of_lane(lane_of(job)).labels, ElementsAre("gpu", "room=12"));
}

TEST(ArrayText, HoldsAnyText) {
  EXPECT_EQ(array_text({}), "{}");
  EXPECT_EQ(array_text({"a", "b\"c", "d\\e,{}"}), "{\"a\",\"b\\\"c\",\"d\\\\e,{}\"}");
}

}  // namespace
}  // namespace rota::portal
